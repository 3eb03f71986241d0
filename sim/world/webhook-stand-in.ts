import { defined } from '../../core/defined.ts';
import type { WebhookWords } from '../scenario/words/allocation-words.ts';
import { freshHost, openThirdParty } from './third-parties.ts';
import { hubHost } from './hub-host.ts';

/** A simulated webhook of the customer. DPS calls it for custom allocation. */
export interface WebhookStandIn {
  readonly host: string;
  readonly url: string;
  /** Changes the answer of the webhook. */
  answerWith(words: WebhookWords): void;
  close(): void;
}

/**
 * Opens a webhook with its own host name.
 * @param host host name. Default: a unique name.
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
    Response.json({
      iotHubHostName,
      ...defined({ initialTwin, payload }),
    });
  if (typeof answer === 'object') return new Response(null, { status: answer.status });
  switch (answer) {
    case 'broken-json':
      return new Response('{"iotHubHostName":', { headers: { 'Content-Type': 'text/plain' } });
    case 'unknown-hub':
      return naming('not-linked.azure-devices.net');
    case 'slow':
      // Waits longer than DPS does: the wait ends when the client closes the connection.
      await new Promise((gone) => left.addEventListener('abort', gone, { once: true }));
      return Response.error();
    default:
      return naming(hubHost(answer));
  }
}
