import { file } from './file.ts';
import { hsm } from './hsm.ts';
import { image } from './image.ts';
import type { KeyStoreKind } from './key-store.ts';
import { tee } from './tee.ts';
import { tpm } from './tpm.ts';

/** Every kind of key store, by the word that a scenario uses, from the weakest on. A new one is a file and a line here. */
export const keyStores = { image, file, tee, hsm, tpm } as const satisfies Record<string, KeyStoreKind>;

export type KeyStoreName = keyof typeof keyStores;
