import { Fold } from '../fold.tsx';

/** How to come by a decision matrix: these runs are too unlike each other to be held side by side in one. */
export function NoMatrix() {
  return (
    <Fold title="Decision matrix" note="not in this run">
      <p>
        Attestation, key store and factory can only be held against each other where the rest is the same. So a matrix
        is counted from runs that are made for it, one for each combination: <code>npx rehearse matrix</code> plays
        them, and its report has the matrix in it.
      </p>
    </Fold>
  );
}
