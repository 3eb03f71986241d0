import { succeeded, type Result } from '../../core/result.ts';
import { withinRealTime, type Clock, type Millis } from '../../core/time/clock.ts';

/** Reason why a CA issued nothing. */
type CaFailure =
  /** The CA is busy or slow: repeat the same request after this time. */
  | { readonly code: 'later'; readonly sentence: string; readonly afterMs: Millis }
  | { readonly code: 'unreachable' | 'refused'; readonly sentence: string };

export type CaResponse<T> = Result<T, CaFailure>;

/** Reports that a CA rejects a request for good. */
export function refusedByCa(sentence: string): CaResponse<never> {
  return { ok: false, failure: { code: 'refused', sentence } };
}

/** Reports that no request reaches a CA. */
export function unreachableCa(sentence: string): CaResponse<never> {
  return { ok: false, failure: { code: 'unreachable', sentence } };
}

/**
 * Sends a request to a vendor over HTTP.
 *
 * @param read returns the content of the body of a 200, or undefined if it cannot be read.
 */
export async function askVendor<T>(request: Request, read: (body: string) => T | undefined): Promise<CaResponse<T>> {
  let response: Response;
  try {
    response = await withinRealTime(fetch(request), answerLimitMs, `${request.url} did not answer`);
  } catch (error) {
    // `fetch` reports every failure to get a response as a TypeError.
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
    // Virtual time has to pass, whatever Retry-After says: otherwise the loop never ends.
    const wait = Math.max(1000, response.failure.code === 'later' ? response.failure.afterMs : unreachableMs);
    if (clock.now() + wait > end) return response;
    await clock.sleep(wait);
  }
}

/** Real milliseconds. */
const answerLimitMs = 30_000;
/** Virtual time until the next try if the CA gave no response. */
const unreachableMs = 10 * 60_000;
