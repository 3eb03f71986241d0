import type { Failure } from '../../core/result.ts';
import type { MatrixPlace } from '../../core/run/matrix-axes.ts';

type Design = Omit<MatrixPlace, 'attack'>;

/** Returns the reason why a combination is not a valid design; undefined if it is valid. */
export function whyNotDesign({ attestation, keyStore, factory }: Design): Failure | undefined {
  if (attestation === 'tpm' && keyStore !== 'tpm') return invalid('TPM attestation is done with the keys of a TPM');
  if (keyStore === 'image' && attestation !== 'shared-key')
    return invalid('an image is the same in every device, and so is the key in it: only a shared key works');
  if (factory === 'own-ca') return whyNotOwn(attestation);
  if (factory === 'pregenerated') return whyNotAhead(attestation, keyStore);
  return undefined;
}

/** Returns the reason why an attack does not apply to an attestation type; undefined if it applies. */
export function whyNotAttack({
  attestation,
  attack,
}: Pick<MatrixPlace, 'attestation' | 'attack'>): Failure | undefined {
  return attestation === 'individual-key' && attack === 'key-leaked'
    ? invalid('each key is drawn by itself: there is no key behind them')
    : undefined;
}

function whyNotOwn(attestation: Design['attestation']): Failure | undefined {
  if (attestation === 'tpm') return invalid('a TPM brings its key along: there is no CA or key to hold at the line');
  return attestation === 'individual-key' ? invalid(noListOfKeys) : undefined;
}

function whyNotAhead(attestation: Design['attestation'], keyStore: Design['keyStore']): Failure | undefined {
  if (attestation === 'individual-key') return invalid(noListOfKeys);
  if (attestation === 'derived-key') return invalid(noListOfKeys);
  if (attestation === 'shared-key') return invalid('one key lies at the line either way: see offline, own CA or key');
  if (attestation !== 'tpm' && keyStore !== 'file')
    return invalid('a key that was made elsewhere lies in a file: this store only signs with what is made inside');
  return undefined;
}

const noListOfKeys = 'the service makes or derives each key, and no step carries a list of such keys to a line';

function invalid(sentence: string): Failure {
  return { code: 'invalid-combination', sentence };
}
