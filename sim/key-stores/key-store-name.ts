/** Kinds of key store by the word that a scenario uses, from the weakest to the strongest. */
export const keyStoreNames = ['image', 'file', 'tee', 'hsm', 'tpm'] as const;

export type KeyStoreName = (typeof keyStoreNames)[number];
