import type { Failure } from '../../core/result.ts';
import type { MatrixPlace } from '../../core/run/matrix-axes.ts';

type Design = Omit<MatrixPlace, 'attack'>;

/** Returns the reason why a combination is not a valid design; undefined if it is valid. */
export function whyNotDesign({ attestation, keyStore, factory }: Design): Failure | undefined {
  if (attestation === 'tpm' && keyStore !== 'tpm') return invalid('TPM attestation is done with the keys of a TPM');
  if (keyStore === 'image' && attestation !== 'shared-key')
    return invalid('all devices have the same image and thus the same key in it: only a shared key works');
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
    ? invalid('each key is random: no other key exists from which an attacker could derive it')
    : undefined;
}

function whyNotOwn(attestation: Design['attestation']): Failure | undefined {
  if (attestation === 'tpm') return invalid('a TPM contains its key on delivery: the line needs no CA and no key');
  return attestation === 'individual-key' ? invalid(noListOfKeys) : undefined;
}

function whyNotAhead(attestation: Design['attestation'], keyStore: Design['keyStore']): Failure | undefined {
  if (attestation === 'individual-key') return invalid(noListOfKeys);
  if (attestation === 'derived-key') return invalid(noListOfKeys);
  if (attestation === 'shared-key')
    return invalid('the line stores the one shared key in any case: see offline, own CA or key');
  if (attestation !== 'tpm' && keyStore !== 'file')
    return invalid(
      'a key that was made elsewhere needs the key store file: this key store uses only keys that it made itself',
    );
  return undefined;
}

const noListOfKeys = 'the service makes or derives each key, and no step brings a list of such keys to a line';

function invalid(sentence: string): Failure {
  return { code: 'invalid-combination', sentence };
}
