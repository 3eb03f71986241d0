import type { Baseline, BaselineEntry, BaselineOutcome } from './baseline-shape.ts';

/** How a run may differ from the one before; the first group is worse, the second only worth knowing. */
export const differenceKinds = {
  verdict: 'verdict',
  outcome: 'outcome',
  check: 'deciding check',
  'error-code': 'error code',
  gone: 'scenario gone',
  skipped: 'newly skipped',
  coverage: 'topic no longer covered',
  slower: 'slower',
  new: 'new',
  better: 'better',
} as const;

type DifferenceKind = keyof typeof differenceKinds;

export interface Difference {
  readonly kind: DifferenceKind;
  /** Whether a gate closes for it. */
  readonly isRegression: boolean;
  /** Of the scenario, or of the topic. */
  readonly id: string;
  /** With what was and what is. */
  readonly sentence: string;
}

export interface CompareSettings {
  /** How many times as long a scenario may take, held against what all of them took; undefined does not look. */
  readonly slowerThan?: number | undefined;
  /** The new run is only a part of what it could have played: what is missing in it is not gone. */
  readonly isPart?: boolean | undefined;
}

/**
 * Every difference of a run from an earlier one, in the order of their scenarios. A scenario that is not as it was closes the
 * gate also where both pass: somebody then has changed what is expected, and should say so by a new baseline.
 */
export function compareBaselines(old: Baseline, now: Baseline, settings: CompareSettings = {}): readonly Difference[] {
  const ids = [...new Set([...Object.keys(old.scenarios), ...Object.keys(now.scenarios)])];
  const differences = ids
    .toSorted((one, other) => (one < other ? -1 : 1))
    .flatMap((id) => compareEntries(id, old.scenarios[id], now.scenarios[id], settings));
  return [...differences, ...(settings.isPart === true ? [] : lostTopics(old, now)), ...slowerOnes(old, now, settings)];
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
    return isPart === true ? [] : [{ kind: 'gone', isRegression: true, id, sentence: 'is gone; it was there before' }];
  }
  if (now.verdict === 'skipped' && old.verdict !== 'skipped') {
    return [{ kind: 'skipped', isRegression: true, id, sentence: `is skipped; its verdict was ${old.verdict}` }];
  }
  const verdict = verdictDifference(id, old, now);
  return isPlayed(old) && isPlayed(now) ? [...verdict, ...outcomeDifferences(id, old.outcomes, now.outcomes)] : verdict;
}

/** What it came to before it was played to its end, or where it never was, says nothing. */
function isPlayed({ verdict }: BaselineEntry): boolean {
  return verdict === 'pass' || verdict === 'fail';
}

function verdictDifference(id: string, old: BaselineEntry, now: BaselineEntry): readonly Difference[] {
  if (old.verdict === now.verdict) return [];
  const sentence = `was ${old.verdict} and is ${now.verdict}`;
  return now.verdict === 'pass'
    ? [{ kind: 'better', isRegression: false, id, sentence }]
    : [{ kind: 'verdict', isRegression: true, id, sentence }];
}

/** Attempts are told apart by their device and how many it has made before. */
function outcomeDifferences(
  id: string,
  old: readonly BaselineOutcome[],
  now: readonly BaselineOutcome[],
): readonly Difference[] {
  const [former, latter] = [numbered(old), numbered(now)];
  const names = [...new Set([...former.keys(), ...latter.keys()])];
  return names.flatMap((name): readonly Difference[] => {
    const [was, is] = [former.get(name), latter.get(name)];
    const kind = was === undefined || is === undefined ? 'outcome' : kindOf(was, is);
    if (kind === undefined) return [];
    const sentence = `${name} was ${told(was)} and is ${told(is)}`;
    return [{ kind, isRegression: true, id, sentence }];
  });
}

function kindOf(was: BaselineOutcome, is: BaselineOutcome): DifferenceKind | undefined {
  if (was.outcome !== is.outcome || was.hub !== is.hub) return 'outcome';
  if (was.check !== is.check) return 'check';
  return was.errorCode === is.errorCode ? undefined : 'error-code';
}

function numbered(outcomes: readonly BaselineOutcome[]): ReadonlyMap<string, BaselineOutcome> {
  const made = new Map<string, number>();
  const found = new Map<string, BaselineOutcome>();
  for (const outcome of outcomes) {
    const count = (made.get(outcome.device) ?? 0) + 1;
    made.set(outcome.device, count);
    found.set(count === 1 ? outcome.device : `${outcome.device}, attempt ${count},`, outcome);
  }
  return found;
}

function told(outcome: BaselineOutcome | undefined): string {
  if (outcome === undefined) return 'not there';
  const { hub, check, errorCode } = outcome;
  const where = hub === undefined ? '' : ` to ${hub}`;
  const by = check === undefined ? '' : ` by ${check}`;
  return `${outcome.outcome}${where}${by}${errorCode === undefined ? '' : ` (${errorCode})`}`;
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
      sentence: 'is a topic that no scenario which passes covers any more',
    }));
}

function topicsOf({ scenarios }: Baseline): ReadonlySet<string> {
  const passed = Object.values(scenarios).filter(({ verdict }) => verdict === 'pass');
  return new Set(passed.flatMap(({ covers = [] }) => covers));
}

/** A machine that is slower as a whole is no news: each scenario is held against what the middle one of them did. */
function slowerOnes(old: Baseline, now: Baseline, { slowerThan }: CompareSettings): readonly Difference[] {
  if (slowerThan === undefined) return [];
  const ratios = Object.entries(now.scenarios).flatMap(([id, { verdict, wallMs }]) => {
    const before = old.scenarios[id];
    const isTimed =
      verdict === 'pass' && before?.verdict === 'pass' && wallMs !== undefined && (before.wallMs ?? 0) > 0;
    return isTimed ? [{ id, wallMs, before: before.wallMs ?? 1, ratio: wallMs / (before.wallMs ?? 1) }] : [];
  });
  const middle =
    ratios.map(({ ratio }) => ratio).toSorted((one, other) => one - other)[Math.floor(ratios.length / 2)] ?? 1;
  return ratios
    .filter(({ ratio, wallMs, before }) => ratio / middle > slowerThan && wallMs - before * middle > noiseMs)
    .map(({ id, ratio, wallMs, before }) => ({
      kind: 'slower',
      isRegression: true,
      id,
      sentence: `took ${Math.round(wallMs)} ms and ${Math.round(before)} ms before: ${(ratio / middle).toFixed(1)} times as long, where the middle scenario took ${middle.toFixed(1)} times as long`,
    }));
}

/** Real milliseconds that a scenario may differ by for no reason. */
const noiseMs = 200;
