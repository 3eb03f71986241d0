import type { LeftOut, MatrixPlace } from '../../core/run/matrix-axes.ts';
import { schemaVersion } from '../../core/run/run.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';
import { measure } from './measure.ts';

/** What was to be played, and what was left out of it. */
export interface MatrixPlan {
  /** Each with the ID of its scenario. */
  readonly cells: readonly (MatrixPlace & { readonly id: string })[];
  readonly leftOut: readonly LeftOut[];
}

/** The decision matrix of a playback. A cell that was not played to its end is `unknown`, and is there. */
export function matrixOf(playback: Playback, { cells, leftOut }: MatrixPlan): Matrix {
  const { complete, seed, versions, troubles } = playback;
  return {
    schemaVersion,
    complete,
    seed,
    versions,
    troubles: [...troubles],
    cells: cells.map((cell) => ({ ...cell, ...cameTo(playback.played.find(({ run }) => run.id === cell.id)) })),
    leftOut: [...leftOut],
  };
}

function cameTo(played: PlayedRun | undefined): Pick<MatrixCell, 'verdict' | 'reason' | 'runFile' | 'measures'> {
  if (played === undefined) return { verdict: 'unknown', reason: 'it was not played', runFile: null, measures: null };
  const { run, runFile = null } = played;
  const { kind, reason } = run.verdict;
  if (kind !== 'pass') return { verdict: kind, reason, runFile, measures: null };
  const measured = measure(run);
  if (measured === undefined)
    return { verdict: 'unknown', reason: 'its history lacks what is measured', runFile, measures: null };
  return { verdict: kind, reason, runFile, measures: { ...measured, online: [...measured.online] } };
}
