import type { ConformanceReport, StatementVerdict } from '../../core/conformance/conformance-result.ts';

/** A conformance statement whose result is worse than in the baseline. */
export interface ConformanceRegression {
  readonly id: string;
  readonly before: StatementVerdict | 'absent';
  readonly after: StatementVerdict;
}

/**
 * Returns the statements that fail now and did not fail in the baseline, and the statements that passed in the baseline and do not pass
 * now. A statement that the baseline does not contain is returned only if it fails.
 */
export function compareConformance(
  before: Pick<ConformanceReport, 'results'>,
  after: Pick<ConformanceReport, 'results'>,
): readonly ConformanceRegression[] {
  const former = new Map(before.results.map(({ id, verdict }) => [id, verdict]));
  return after.results.flatMap(({ id, verdict }) => {
    const was = former.get(id) ?? 'absent';
    const isWorse = (verdict === 'fail' && was !== 'fail') || (was === 'pass' && verdict !== 'pass');
    return isWorse ? [{ id, before: was, after: verdict }] : [];
  });
}
