import { withinRealTime } from '../../../core/time/clock.ts';

/** The answer of a webhook. The caller must check its content. */
export type WebhookAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Body of the answer; undefined if the body is larger than `answerLimit`. */
      readonly text: string | undefined;
    }
  | { readonly kind: 'silent'; readonly sentence: string };

/**
 * Posts JSON to the customer's webhook over a real connection. Does not follow redirects.
 *
 * @param limitMs timeout in real milliseconds.
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

/** Maximum size of an answer in bytes. The payload in it must fit into a message of the service. */
const answerLimit = 96 * 1024;

/**
 * If `fetch` throws an error, the member `cause` of the error states the reason, and the message of the error does not.
 */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return `the webhook cannot be reached: ${code}`;
  return cause instanceof Error ? `the webhook cannot be reached: ${cause.message}` : error.message;
}
