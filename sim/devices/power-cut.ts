/** Points of a registration at which the power of a device can fail. */
export const powerCutMoments = ['after-challenge', 'after-acceptance', 'after-assignment'] as const;

/** Point of the next attempt at which the power of a device fails: a point of its registration, or a number of TPM commands. */
export type PowerCut =
  | { readonly moment: (typeof powerCutMoments)[number] }
  /** Number of commands that the TPM still answers before the power fails. */
  | { readonly tpmCommands: number };

/** Ends an attempt because the power of the device failed. This is an outcome of the simulation, not an internal error. */
export class PowerLost extends Error {}
