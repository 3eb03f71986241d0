import type { CheckId } from '../checks.ts';
import { firstFailed, type Decision } from '../history/decision.ts';
import type { HistoryEvent } from '../history/events.ts';
import { sessionTakenOver } from '../history/session-taken-over.ts';

/** The words that count what came of a step in which nobody registers. */
export const countWords = [
  'shipped',
  'scrapped',
  'rejected',
  'offTheBooks',
  'overproduced',
  'unaudited',
  'scrappedButEnrolled',
  'impersonated',
  'hurt',
] as const;

/** The words that say when something had come about: an ISO 8601 duration, or `never`. */
export const timeWords = ['outOfDps', 'outOfHub'] as const;

export type TimeWord = (typeof timeWords)[number];

export type CountWord = (typeof countWords)[number];

/** What came of a step in which stations, auditors or the service decide, and no device registers. */
export interface StepResult {
  readonly step: number;
  /** The first decision against, or the last of all. */
  readonly decision: Decision | undefined;
  readonly counts: Readonly<Partial<Record<CountWord, number>>>;
  readonly times: Readonly<Partial<Record<TimeWord, string>>>;
  /** IDs of the signals that somebody found who looked for them, each once; undefined where nobody looked. */
  readonly signals?: readonly string[];
  /** Units that the quality check rejected, by the check that decided. */
  readonly caught: Readonly<Partial<Record<CheckId, number>>>;
}

/** What came of each step that was played to its end. */
export function observeStepResults(events: readonly HistoryEvent[]): readonly StepResult[] {
  const outcomes: StepResult[] = [];
  let from = 0;
  for (const [index, event] of events.entries()) {
    if (event.kind === 'step-started') from = index;
    if (event.kind === 'step-ended') outcomes.push(outcomeOf(event.step, events.slice(from, index)));
  }
  return outcomes;
}

function outcomeOf(step: number, events: readonly HistoryEvent[]): StepResult {
  // What service, hubs and vendors say to devices that register is theirs; what they say to others is of the step.
  const isRegistering = events.some(({ kind }) => kind === 'attempt-started');
  const decisions = events
    .filter((event) => event.kind === 'decision')
    .filter(({ judge }) => factoryJudges.has(judge) || (afarJudges.has(judge) && !isRegistering))
    // The client that is pushed out is another one than the client of this step.
    .filter(({ about }) => about !== sessionTakenOver);
  const units = events.filter((event) => event.kind === 'unit');
  const counts: Partial<Record<CountWord, number>> = {};
  const caught: Partial<Record<CheckId, number>> = {};
  if (events.some(({ kind }) => kind === 'line-ended')) {
    const counted = (wanted: string): number => units.filter(({ fate }) => fate === wanted).length;
    counts.shipped = counted('shipped');
    counts.scrapped = counted('scrapped');
    counts.rejected = counted('rejected');
    counts.offTheBooks = counted('off-the-books');
  }
  for (const { check } of units) if (check !== undefined) caught[check] = (caught[check] ?? 0) + 1;
  const reconciled = events.findLast((event) => event.kind === 'reconciled');
  if (reconciled !== undefined) {
    counts.overproduced = reconciled.overproduced.length;
    counts.unaudited = reconciled.unaudited.length;
    counts.scrappedButEnrolled = reconciled.scrapped.length;
  }
  const radius = events.findLast((event) => event.kind === 'blast-radius');
  if (radius !== undefined) counts.impersonated = radius.impersonated.length;
  const drill = events.findLast((event) => event.kind === 'drill');
  if (drill !== undefined) counts.hurt = drill.hurt.length;
  const times = drill === undefined ? {} : { outOfDps: drill.outOfDps, outOfHub: drill.outOfHub };
  const looked = events.findLast((event) => event.kind === 'signals');
  const signals = looked && [...new Set(looked.findings.map(({ signal }) => signal))];
  const against = decisions.find((decision) => firstFailed(decision) !== undefined);
  return { step, decision: against ?? decisions.at(-1), counts, times, caught, ...(signals && { signals }) };
}

const factoryJudges: ReadonlySet<string> = new Set(['station', 'auditor']);
const afarJudges: ReadonlySet<string> = new Set(['dps', 'hub', 'pki']);
