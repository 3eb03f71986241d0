/** Points of a registration at which a device's power may go. */
export const powerCutMoments = ['after-challenge', 'after-acceptance', 'after-assignment'] as const;

/** When the power of a device will go during its next attempt: at a point of its registration, or in its TPM. */
export type PowerCut =
  | { readonly moment: (typeof powerCutMoments)[number] }
  /** After that many commands that the TPM answered. */
  | { readonly tpmCommands: number };

/** The power of a device is gone, and with it what it was about to do. An outcome of an attempt, not a bug. */
export class PowerLost extends Error {}
