import { schemaVersion } from '../../core/run/run.ts';
import type { Matrix, MatrixCell } from '../../reports/matrix/matrix-shape.ts';

/** Returns a matrix of two attestation types. For one of the two types, the theft exposes every device. */
export function matrixOfCells(): Matrix {
  const cell = (attestation: MatrixCell['attestation'], impersonated: number): MatrixCell => ({
    attestation,
    keyStore: 'file',
    factory: 'connected',
    attack: 'device-kept',
    id: `matrix/${attestation}/file/connected/device-kept`,
    verdict: 'pass',
    reason: 'as expected',
    runFile: null,
    measures: {
      impersonated,
      tried: 5,
      online: ['line'],
      lineSteps: 4,
      needless: 1,
      banBites: 'PT1M',
      keptOut: 1,
      fleet: 3,
      rollDeeds: 3,
      rollVisits: 3,
      back: 3,
      impersonatedAfterRoll: 0,
    },
  });
  return {
    schemaVersion,
    complete: true,
    seed: 's',
    versions: { rehearsal: '0.1.0', node: '20.20.2' },
    troubles: [],
    cells: [cell('shared-key', 5), cell('individual-key', 1)],
    leftOut: [
      { attestation: 'tpm', keyStore: 'file', why: 'TPM attestation uses keys of a TPM, so the key store must be tpm' },
    ],
  };
}
