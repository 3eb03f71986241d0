import { byAttestation } from '../matrix/by-attestation.ts';
import { facts, reasonOf } from '../matrix/facts.ts';
import { heatOf } from '../matrix/heat.ts';
import { leftOutText } from '../matrix/left-out-text.ts';
import type { Matrix, MatrixCell } from '../matrix/matrix-shape.ts';
import type { PageMatrix, PageMatrixRow } from './page-data.ts';

/** Returns a decision matrix as texts, for the page. */
export function pageMatrix(matrix: Matrix): PageMatrix {
  return {
    columns: facts.map(({ heading, meaning }) => ({ heading, meaning })),
    sections: byAttestation(matrix).map(({ heading, cells }) => ({ heading, rows: cells.map(rowOf) })),
    leftOut: leftOutText(matrix.leftOut),
  };
}

function rowOf(cell: MatrixCell): PageMatrixRow {
  const { id, keyStore, factory, attack, measures } = cell;
  return {
    id,
    choices: [keyStore, factory, attack],
    words: measures === null ? null : facts.map(({ text }) => text(measures)),
    reason: measures === null ? reasonOf(cell) : '',
    heat: measures === null ? null : heatOf(measures),
  };
}
