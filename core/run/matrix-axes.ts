/**
 * The axes of the decision matrix: the design choices of a manufacturer, and the attack. Each choice has a label for people.
 */
export const matrixAxes = {
  attestation: {
    'x509-thumbprint': 'X.509, thumbprint',
    'x509-ca': 'X.509, CA chain',
    tpm: 'TPM',
    'individual-key': 'Individual symmetric key',
    'derived-key': 'Symmetric key derived from a group key',
    'shared-key': 'Symmetric key shared by all devices',
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
    pregenerated: 'offline, made in advance',
  },
  attack: {
    'device-kept': 'device stolen',
    'device-returned': 'stolen, returned',
    'station-stolen': 'station stolen',
    'key-leaked': 'key for all devices leaks',
  },
} as const;

export type MatrixAxis = keyof typeof matrixAxes;

/** A cell of the matrix: one choice on each axis. */
export type MatrixPlace = { readonly [Axis in MatrixAxis]: keyof (typeof matrixAxes)[Axis] & string };

/** A combination of choices that is impossible, and the reason. An omitted axis stands for all its choices. */
export interface LeftOut extends Partial<MatrixPlace> {
  readonly why: string;
}
