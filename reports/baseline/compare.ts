import type { Baseline, BaselineEntry, BaselineOutcome } from './baseline-shape.ts';
import type { Difference } from './difference.ts';
import { followChanges } from './follow-changes.ts';
import type { Move } from './follow-moves.ts';
import { isConclusive } from './is-conclusive.ts';
import { outcomeChanges, outcomeText } from './outcome-changes.ts';
import { variantDifference } from './variant-difference.ts';

export interface CompareSettings {
  /**
   * A scenario is slower if its ratio of new and old duration is above this number times the median ratio of all scenarios. If omitted,
   * durations are ignored.
   */
  readonly slowerThan?: number | undefined;
  /** True if only a part of the scenarios was run: a scenario without a new result then does not count as removed. */
  readonly isPart?: boolean | undefined;
}

/**
 * Returns every difference between two runs, in the order of the scenarios. A different outcome is a regression even if both runs pass. In
 * this case the author has changed the expectation, and must also update the baseline. A scenario that moved, and a variant whose matrix
 * values changed, are compared with their former result.
 */
export function compareBaselines(old: Baseline, now: Baseline, settings: CompareSettings = {}): readonly Difference[] {
  // In a partial run, a missing ID may belong to a scenario that was not chosen. So changed IDs cannot be recognised.
  const {
    old: former,
    moves,
    changed,
  } = settings.isPart === true ? { old, moves: [], changed: [] } : followChanges(old, now);
  const changes = new Map(changed.map(({ to, change }) => [to, change]));
  const ids = [...new Set([...Object.keys(former.scenarios), ...Object.keys(now.scenarios)])];
  const differences = ids
    .toSorted((one, other) => (one < other ? -1 : 1))
    .flatMap((id) => {
      const [was, is, change] = [former.scenarios[id], now.scenarios[id], changes.get(id)];
      return change === undefined || was === undefined || is === undefined
        ? compareEntries(id, was, is, settings)
        : [variantDifference(id, change, was, is)];
    });
  const lost = settings.isPart === true ? [] : lostTopics(old, now);
  return [
    ...moves.map(moveDifference),
    ...differences,
    ...lost,
    ...slowerOnes(former, now, settings).filter(({ id }) => !changes.has(id)),
  ];
}

function moveDifference({ from, to }: Move): Difference {
  return { kind: 'moved', isRegression: false, id: from, sentence: `→ ${to}` };
}

function compareEntries(
  id: string,
  old: BaselineEntry | undefined,
  now: BaselineEntry | undefined,
  { isPart }: CompareSettings,
): readonly Difference[] {
  if (old === undefined) {
    const sentence = now?.verdict === 'pass' ? 'is new' : `is new, and its verdict is ${now?.verdict}`;
    return [{ kind: 'new', isRegression: false, id, sentence }];
  }
  if (now === undefined) {
    return isPart === true ? [] : [{ kind: 'gone', isRegression: true, id, sentence: 'was removed' }];
  }
  if (now.verdict === 'skipped' && old.verdict !== 'skipped') {
    return [{ kind: 'skipped', isRegression: true, id, sentence: `is skipped; its verdict was ${old.verdict}` }];
  }
  const verdict = verdictDifference(id, old, now);
  return isConclusive(old) && isConclusive(now)
    ? [...verdict, ...outcomeDifferences(id, old.outcomes, now.outcomes)]
    : verdict;
}

function verdictDifference(id: string, old: BaselineEntry, now: BaselineEntry): readonly Difference[] {
  if (old.verdict === now.verdict) return [];
  const sentence = `was ${old.verdict} and is ${now.verdict}`;
  return now.verdict === 'pass'
    ? [{ kind: 'better', isRegression: false, id, sentence }]
    : [{ kind: 'verdict', isRegression: true, id, sentence }];
}

/** Compares the attempts that have the same device and the same attempt number. */
function outcomeDifferences(
  id: string,
  old: readonly BaselineOutcome[],
  now: readonly BaselineOutcome[],
): readonly Difference[] {
  return outcomeChanges(old, now).map(({ name, kind, was, is }) => {
    const sentence = `${name} was ${outcomeText(was)} and is ${outcomeText(is)}`;
    return { kind, isRegression: true, id, sentence };
  });
}

function lostTopics(old: Baseline, now: Baseline): readonly Difference[] {
  const covered = topicsOf(now);
  return [...topicsOf(old)]
    .filter((topic) => !covered.has(topic))
    .toSorted()
    .map((id) => ({
      kind: 'coverage',
      isRegression: true,
      id,
      sentence: 'is no longer covered by a passing scenario',
    }));
}

function topicsOf({ scenarios }: Baseline): ReadonlySet<string> {
  const passed = Object.values(scenarios).filter(({ verdict }) => verdict === 'pass');
  return new Set(passed.flatMap(({ covers = [] }) => covers));
}

/**
 * Returns the scenarios that became slower. Compares each ratio of new and old duration with the median ratio, so that a slower machine
 * makes no difference.
 */
function slowerOnes(old: Baseline, now: Baseline, { slowerThan }: CompareSettings): readonly Difference[] {
  if (slowerThan === undefined) return [];
  const ratios = Object.entries(now.scenarios).flatMap(([id, { verdict, wallMs }]) => {
    const before = old.scenarios[id];
    const isTimed =
      verdict === 'pass' && before?.verdict === 'pass' && wallMs !== undefined && (before.wallMs ?? 0) > 0;
    return isTimed ? [{ id, wallMs, before: before.wallMs ?? 1, ratio: wallMs / (before.wallMs ?? 1) }] : [];
  });
  const median =
    ratios.map(({ ratio }) => ratio).toSorted((one, other) => one - other)[Math.floor(ratios.length / 2)] ?? 1;
  return ratios
    .filter(({ ratio, wallMs, before }) => ratio / median > slowerThan && wallMs - before * median > noiseMs)
    .map(({ id, ratio, wallMs, before }) => ({
      kind: 'slower',
      isRegression: true,
      id,
      sentence: `took ${Math.round(wallMs)} ms instead of ${Math.round(before)} ms: ${ratio.toFixed(1)} times as long; the median of all scenarios is ${median.toFixed(1)} times as long`,
    }));
}

/** Differences of at most this number of real milliseconds are noise. */
const noiseMs = 200;
