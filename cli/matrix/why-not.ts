import type { Failure } from '../../core/result.ts';
import type { MatrixPlace } from '../../core/run/matrix-axes.ts';

type Design = Omit<MatrixPlace, 'attack'>;

/** Returns the reason why a combination is not a valid design; undefined if it is valid. */
export function whyNotDesign({ attestation, keyStore, factory }: Design): Failure | undefined {
  if (attestation === 'tpm' && keyStore !== 'tpm')
    return invalid('TPM attestation uses keys of a TPM, so the key store must be tpm');
  if (keyStore === 'image' && attestation !== 'shared-key')
    return invalid('a key in the image is the same on all devices, so the attestation must be shared-key');
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
    ? invalid('each individual key is random, so there is no group key that could leak')
    : undefined;
}

function whyNotOwn(attestation: Design['attestation']): Failure | undefined {
  if (attestation === 'tpm')
    return invalid('a TPM contains its key on delivery, so the production line has no CA and no key');
  return attestation === 'individual-key' ? invalid(noListOfKeys) : undefined;
}

function whyNotAhead(attestation: Design['attestation'], keyStore: Design['keyStore']): Failure | undefined {
  if (attestation === 'individual-key') return invalid(noListOfKeys);
  if (attestation === 'derived-key') return invalid(noListOfKeys);
  if (attestation === 'shared-key')
    return invalid(
      'with a shared key, the service generates no key per device; choose the factory own-ca for an offline production line that stores the shared key',
    );
  if (attestation !== 'tpm' && keyStore !== 'file')
    return invalid(
      'a pregenerated key can only be installed in the key store file; this key store generates its keys itself',
    );
  return undefined;
}

const noListOfKeys =
  'the service generates or derives each key, and no step delivers a list of keys to a production line';

function invalid(sentence: string): Failure {
  return { code: 'invalid-combination', sentence };
}
