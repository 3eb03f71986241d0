import { succeeded, type Result } from '../../core/result.ts';
import { withinRealTime, type Clock, type Millis } from '../../core/time/clock.ts';

/** Reason why a CA did not issue a certificate. */
type CaFailure =
  /** The CA is busy or slow. The client should repeat the same request after `afterMs`. */
  | { readonly code: 'later'; readonly sentence: string; readonly afterMs: Millis }
  | { readonly code: 'unreachable' | 'refused'; readonly sentence: string };

export type CaResponse<T> = Result<T, CaFailure>;

/** Returns the response of a CA that rejects a request permanently. */
export function refusedByCa(sentence: string): CaResponse<never> {
  return { ok: false, failure: { code: 'refused', sentence } };
}

/** Returns the response for a CA that a request cannot reach. */
export function unreachableCa(sentence: string): CaResponse<never> {
  return { ok: false, failure: { code: 'unreachable', sentence } };
}

/**
 * Sends a request to a vendor over HTTP.
 * @param read parses the body of a 200 response; returns undefined if the body is invalid.
 */
export async function askVendor<T>(request: Request, read: (body: string) => T | undefined): Promise<CaResponse<T>> {
  let response: Response;
  try {
    response = await withinRealTime(fetch(request), answerLimitMs, `${request.url} did not answer`);
  } catch (error) {
    // `fetch` throws a TypeError if it gets no response. Any other error is a bug.
    if (!(error instanceof TypeError)) throw error;
    return unreachableCa('the vendor cannot be reached');
  }
  const body = await response.text();
  if (response.status === 202 || response.status === 429) {
    const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const sentence =
      response.status === 202 ? 'the vendor has not decided yet' : 'the vendor accepts no more requests in this minute';
    const afterMs = Number.isFinite(seconds) ? seconds * 1000 : unreachableMs;
    return { ok: false, failure: { code: 'later', afterMs, sentence } };
  }
  if (response.status !== 200) return refusedByCa(`the vendor answers ${response.status}: ${body}`);
  const content = read(body);
  return content === undefined ? refusedByCa('the answer of the vendor cannot be read') : succeeded(content);
}

/** Repeats a request while the CA is busy or cannot be reached, for at most `patienceMs` of virtual time. */
export async function askPatiently<T>(
  ask: () => Promise<CaResponse<T>>,
  patienceMs: Millis,
  clock: Clock,
): Promise<CaResponse<T>> {
  const end = clock.now() + patienceMs;
  for (;;) {
    const response = await ask();
    if (response.ok || response.failure.code === 'refused') return response;
    // The wait is at least a second, even if Retry-After is 0: virtual time must pass, or the loop never ends.
    const wait = Math.max(1000, response.failure.code === 'later' ? response.failure.afterMs : unreachableMs);
    if (clock.now() + wait > end) return response;
    await clock.sleep(wait);
  }
}

/** Time limit for a response, in real milliseconds. */
const answerLimitMs = 30_000;
/** Wait before the next try if the CA gave no response (virtual time). */
const unreachableMs = 10 * 60_000;
