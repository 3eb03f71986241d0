/** Kinds of key store as a scenario names them, from the weakest to the strongest. */
export const keyStoreNames = ['image', 'file', 'tee', 'hsm', 'tpm'] as const;

export type KeyStoreName = (typeof keyStoreNames)[number];
