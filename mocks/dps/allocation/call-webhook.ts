import { withinRealTime } from '../../../core/time/clock.ts';

/** What came back from a webhook, unjudged. */
export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** undefined where it is larger than is read. */
      readonly text: string | undefined;
    }
  | { readonly kind: 'silent'; readonly sentence: string };

/**
 * Posts JSON to a webhook of the customer, over a real connection. Redirections are not followed.
 *
 * @param limitMs real milliseconds until it counts as silent.
 */
export async function callWebhook(url: string, body: object, limitMs: number): Promise<WebhookAnswer> {
  const leave = new AbortController();
  try {
    return await withinRealTime(exchange(url, body, leave.signal), limitMs, 'the webhook did not answer');
  } catch (error) {
    return { kind: 'silent', sentence: sentenceOf(error) };
  } finally {
    leave.abort();
  }
}

async function exchange(url: string, body: object, signal: AbortSignal): Promise<WebhookAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=utf-8', Accept: 'application/json' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > answerLimit) return { kind: 'answered', status: response.status, text: undefined };
    parts.push(part);
  }
  return { kind: 'answered', status: response.status, text: Buffer.concat(parts).toString('utf8') };
}

/** Octets of an answer that are read; what a device is told with it has to fit in the service's messages. */
const answerLimit = 96 * 1024;

/** `fetch` tells only that it failed; what failed stands in the cause. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return `the webhook cannot be reached: ${code}`;
  return cause instanceof Error ? `the webhook cannot be reached: ${cause.message}` : error.message;
}
