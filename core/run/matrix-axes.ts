/** What a manufacturer chooses, and what then happens: the axes of the decision matrix, each with its words for people. */
export const matrixAxes = {
  attestation: {
    'x509-thumbprint': 'X.509, thumbprint',
    'x509-ca': 'X.509, CA chain',
    tpm: 'TPM',
    'individual-key': 'Symmetric key of its own',
    'derived-key': 'Symmetric key derived from a group key',
    'shared-key': 'Symmetric key shared by all',
  },
  keyStore: {
    image: 'firmware image',
    file: 'file',
    tee: 'TEE',
    hsm: 'HSM',
    tpm: 'TPM',
  },
  factory: {
    connected: 'connected',
    'own-ca': 'offline, own CA or key',
    pregenerated: 'offline, made ahead',
  },
  attack: {
    'device-kept': 'device stolen',
    'device-returned': 'stolen, returned',
    'station-stolen': 'station stolen',
    'key-leaked': 'key behind leaks',
  },
} as const;

export type MatrixAxis = keyof typeof matrixAxes;

/** A place in the matrix: a choice on each axis. */
export type MatrixPlace = { readonly [Axis in MatrixAxis]: keyof (typeof matrixAxes)[Axis] & string };

/** A combination that makes no sense, and why. Where an axis is absent, each of its choices is meant. */
export interface LeftOut extends Partial<MatrixPlace> {
  readonly why: string;
}
