/** The kinds of differences between two runs. */
export const differenceKinds = {
  verdict: 'verdict',
  outcome: 'outcome',
  check: 'deciding check',
  'error-code': 'error code',
  gone: 'scenario removed',
  skipped: 'newly skipped',
  coverage: 'topic no longer covered',
  slower: 'slower',
  variant: 'variant changed',
  moved: 'moved',
  new: 'new',
  better: 'better',
} as const;

type DifferenceKind = keyof typeof differenceKinds;

export interface Difference {
  readonly kind: DifferenceKind;
  /** True if the difference fails a run with `--baseline`. */
  readonly isRegression: boolean;
  /** ID of the scenario or of the topic. */
  readonly id: string;
  /** Describes the difference with the old and the new value. */
  readonly sentence: string;
}
