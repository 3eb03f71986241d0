import { file } from './file.ts';
import { hsm } from './hsm.ts';
import { image } from './image.ts';
import type { KeyStoreName } from './key-store-name.ts';
import type { KeyStoreKind } from './key-store.ts';
import { tee } from './tee.ts';
import { tpm } from './tpm.ts';

/** Every kind of key store. To add a kind, write a file, a name in `key-store-name.ts` and an entry here. */
export const keyStores = { image, file, tee, hsm, tpm } as const satisfies Record<KeyStoreName, KeyStoreKind>;
