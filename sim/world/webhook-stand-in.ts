import { HttpResponse } from 'msw';
import { defined } from '../../core/defined.ts';
import type { WebhookWords } from '../scenario/words/allocation-words.ts';
import { freshHost, openThirdParty } from './third-parties.ts';
import { hubHost } from './hub-host.ts';

/** The customer's web service of one world: a third party that neither the devices nor the service are part of. */
export interface WebhookStandIn {
  readonly host: string;
  readonly url: string;
  /** How it answers from now on. */
  answerWith(words: WebhookWords): void;
  close(): void;
}

/**
 * Stands in for a webhook under a host name of its own.
 *
 * @param host its name; a fresh one where absent.
 */
export function openWebhookStandIn(words: WebhookWords, host = freshHost('webhook')): WebhookStandIn {
  let answer = words;
  const party = openThirdParty(host, ({ signal }) => respond(answer, signal));
  return {
    host,
    url: `${party.origin}/api/allocate`,
    answerWith: (changed) => {
      answer = changed;
    },
    close: party.close,
  };
}

async function respond({ answer, initialTwin, payload }: WebhookWords, left: AbortSignal): Promise<Response> {
  const naming = (iotHubHostName: string): Response =>
    HttpResponse.json({
      iotHubHostName,
      ...defined({ initialTwin, payload }),
    });
  if (typeof answer === 'object') return new HttpResponse(null, { status: answer.status });
  switch (answer) {
    case 'broken-json':
      return HttpResponse.text('{"iotHubHostName":');
    case 'unknown-hub':
      return naming('not-linked.azure-devices.net');
    case 'slow':
      // Longer than anybody waits: it ends when the asker has gone.
      await new Promise((gone) => left.addEventListener('abort', gone, { once: true }));
      return HttpResponse.error();
    default:
      return naming(hubHost(answer));
  }
}
