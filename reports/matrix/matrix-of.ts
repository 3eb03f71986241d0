import type { LeftOut, MatrixPlace } from '../../core/run/matrix-axes.ts';
import { schemaVersion } from '../../core/run/run.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';
import { measure } from './measure.ts';

/** The cells of the matrix to run, and the combinations that the matrix omits. */
export interface MatrixPlan {
  /** Each cell with the ID of its scenario. */
  readonly cells: readonly (MatrixPlace & { readonly id: string })[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Returns the decision matrix of a run. The matrix has every cell of the plan. The verdict of a cell that did not run to its end is
 * `unknown`.
 */
export function matrixOf(playback: Playback, { cells, leftOut }: MatrixPlan): Matrix {
  const { complete, seed, versions, troubles } = playback;
  return {
    schemaVersion,
    complete,
    seed,
    versions,
    troubles: [...troubles],
    cells: cells.map((cell) => ({ ...cell, ...resultOf(playback.played.find(({ run }) => run.id === cell.id)) })),
    leftOut: [...leftOut],
  };
}

function resultOf(played: PlayedRun | undefined): Pick<MatrixCell, 'verdict' | 'reason' | 'runFile' | 'measures'> {
  if (played === undefined)
    return { verdict: 'unknown', reason: 'the cell was not run', runFile: null, measures: null };
  const { run, runFile = null } = played;
  const { kind, reason } = run.verdict;
  if (kind !== 'pass') return { verdict: kind, reason, runFile, measures: null };
  const measured = measure(run);
  if (measured === undefined)
    return { verdict: 'unknown', reason: 'the history of the run has no measurements', runFile, measures: null };
  return { verdict: kind, reason, runFile, measures: { ...measured, online: [...measured.online] } };
}
