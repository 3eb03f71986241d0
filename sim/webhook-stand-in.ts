import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/native';
import { freshKey } from '../core/random.ts';
import type { WebhookWords } from './scenario/allocation-words.ts';
import { hubHost } from './world.ts';

/** The customer's web service of one world: a third party that neither the devices nor the service are part of. */
export interface WebhookStandIn {
  readonly host: string;
  readonly url: string;
  /** How it answers from now on. */
  answerWith(words: WebhookWords): void;
  close(): void;
}

/**
 * Stands in for a webhook under a host name of its own, which no name server knows. While there is one, `fetch` of this
 * process looks here first; whatever is meant for another host goes on to the network. Sockets are left alone, so devices
 * and doors never notice.
 *
 * @param host its name; one of its own where absent.
 */
export function openWebhookStandIn(words: WebhookWords, host = freshHost()): WebhookStandIn {
  if (answers.size === 0) interception.listen({ onUnhandledRequest: 'bypass' });
  answers.set(host, words);
  return {
    host,
    url: `https://${host}/api/allocate`,
    answerWith: (changed) => void answers.set(host, changed),
    close: () => {
      if (answers.delete(host) && answers.size === 0) interception.close();
    },
  };
}

function freshHost(): string {
  return `${freshKey(20).toString('hex')}.webhook.invalid`;
}

/** The worlds of this process that have a webhook, by its host. */
const answers = new Map<string, WebhookWords>();

const interception = setupServer(
  http.all('*', ({ request }) => {
    const words = answers.get(new URL(request.url).hostname);
    return words === undefined ? passthrough() : respond(words, request.signal);
  }),
);

async function respond({ answer, initialTwin, payload }: WebhookWords, left: AbortSignal): Promise<Response> {
  const naming = (iotHubHostName: string): Response =>
    HttpResponse.json({
      iotHubHostName,
      ...(initialTwin === undefined ? {} : { initialTwin }),
      ...(payload === undefined ? {} : { payload }),
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
