import { Fold } from '../fold.tsx';

/** Explains how to get a decision matrix, because these runs differ too much to form one. */
export function NoMatrix() {
  return (
    <Fold title="Decision matrix" note="not in this run">
      <p>
        Attestation types, key stores and factories can only be compared if everything else is the same. So a matrix
        needs its own runs, one for each combination. <code>npx rehearse matrix</code> runs them, and its report has the
        matrix.
      </p>
    </Fold>
  );
}
