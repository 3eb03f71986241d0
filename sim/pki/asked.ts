import { withinRealTime, type Clock, type Millis } from '../../core/time/clock.ts';

/** What asking a vendor came to. */
export type Asked<Given> =
  | { readonly kind: 'given'; readonly given: Given }
  /** It has no time, or takes its time: the same may be asked again. */
  | { readonly kind: 'later'; readonly afterMs: Millis; readonly sentence: string }
  | { readonly kind: 'unreachable'; readonly sentence: string }
  | { readonly kind: 'refused'; readonly sentence: string };

/** Asks a vendor over HTTP and reads what is meant; `read` gets the body of a 200, and undefined of it is a refusal. */
export async function askVendor<Given>(
  request: Request,
  read: (body: string) => Given | undefined,
): Promise<Asked<Given>> {
  let answer: Response;
  try {
    answer = await withinRealTime(fetch(request), answerLimitMs, `${request.url} did not answer`);
  } catch (error) {
    // `fetch` knows one error for all that keeps it from an answer.
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'unreachable', sentence: 'the vendor cannot be reached' };
  }
  const body = await answer.text();
  if (answer.status === 202 || answer.status === 429) {
    const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN);
    const sentence =
      answer.status === 202 ? 'the vendor has not decided yet' : 'the vendor takes no more in this minute';
    return { kind: 'later', afterMs: Number.isFinite(seconds) ? seconds * 1000 : unreachableMs, sentence };
  }
  if (answer.status !== 200) return { kind: 'refused', sentence: `the vendor answers ${answer.status}: ${body}` };
  const given = read(body);
  return given === undefined
    ? { kind: 'refused', sentence: 'the answer of the vendor cannot be read' }
    : { kind: 'given', given };
}

/** Asks again whenever it was told to, as long as `patienceMs` of virtual time last. */
export async function askPatiently<Given>(
  ask: () => Promise<Asked<Given>>,
  patienceMs: Millis,
  clock: Clock,
): Promise<Asked<Given>> {
  const end = clock.now() + patienceMs;
  for (;;) {
    const asked = await ask();
    if (asked.kind !== 'later' && asked.kind !== 'unreachable') return asked;
    // Not at once, whatever it was told: time has to pass, or nothing ends.
    const wait = Math.max(1000, asked.kind === 'later' ? asked.afterMs : unreachableMs);
    if (clock.now() + wait > end) return asked;
    await clock.sleep(wait);
  }
}

/** Real milliseconds. */
const answerLimitMs = 30_000;
/** When a line that got no answer tries again. */
const unreachableMs = 10 * 60_000;
