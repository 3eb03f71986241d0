import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { failed, notExercised, passed, type Finding } from './finding.ts';
import { gapsBetween, showMs } from './gaps.ts';

interface BackOff {
  /** Shortest time between two attempts, in milliseconds. */
  readonly atLeastMs: number;
  /** True if the client must try again. */
  readonly mustRepeat: boolean;
  /** Name of an attempt, such as `register request`. */
  readonly attempt: string;
}

/**
 * Judges the times between the attempts of a client that the service refuses.
 * @param attempts in order. The service refused the first attempt.
 */
export function judgeBackOff(attempts: readonly WireEvent[], { atLeastMs, mustRepeat, attempt }: BackOff): Finding {
  const [first] = attempts;
  if (first === undefined) return notExercised(`the client made no ${attempt}`);
  const gaps = gapsBetween(attempts);
  const short = gaps.find(({ ms }) => ms < atLeastMs);
  if (short !== undefined) {
    const expected = `at least ${showMs(atLeastMs)} between a refused ${attempt} and the next ${attempt}`;
    return failed(expected, `the next ${attempt} came after ${showMs(short.ms)}`, short.from, short.to);
  }
  const [gap] = gaps;
  if (gap !== undefined) return passed(`the next ${attempt} came after ${showMs(gap.ms)}`, gap.from, gap.to);
  return mustRepeat
    ? failed(`another ${attempt}`, `the client made one ${attempt} and no other`, first)
    : passed(`the client did not repeat the ${attempt}`, first);
}
