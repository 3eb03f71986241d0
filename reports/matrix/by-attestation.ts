import { matrixAxes } from '../../core/run/matrix-axes.ts';
import { worstRadius } from './facts.ts';
import type { Matrix, MatrixCell } from './matrix-shape.ts';

/** The cells of the matrix with one attestation type, and a heading that names the worst result. */
export interface MatrixSection {
  /** Attestation type and worst result, such as `X.509, CA chain: largest radius 5 of 5`. */
  readonly heading: string;
  readonly cells: readonly MatrixCell[];
}

export function byAttestation({ cells }: Matrix): readonly MatrixSection[] {
  return Object.entries(matrixAxes.attestation).flatMap(([id, title]) => {
    const own = cells.filter(({ attestation }) => attestation === id);
    return own.length === 0 ? [] : [{ heading: `${title} (${id}): largest radius ${worstRadius(own)}`, cells: own }];
  });
}
