import { tpm2b, u16 } from '../../../core/tpm/bytes.ts';
import { algorithms, handles } from '../../../core/tpm/templates.ts';
import { done } from '../../../core/result.ts';
import { noPassword, type RunCommand, type TpmResult } from '../command.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/** A wrapped key: the contents of the TPM2B structures in which DPS sends it. */
export interface WrappedKey {
  readonly publicArea: Buffer;
  readonly duplicate: Buffer;
  /** Seed of the outer wrapper, encrypted with the storage root key. */
  readonly outerSeed: Buffer;
  /** Symmetric key of the inner wrapper. */
  readonly inner: Buffer;
}

/**
 * Imports a wrapped key below the storage root key and stores it as the identity key (TPM2_Import, TPM2_Load, Part 3 13.3 and 12.2). If the
 * TPM refuses the new identity key, the previous identity key stays.
 */
export async function importIdentity(run: RunCommand, wrapped: WrappedKey): Promise<TpmResult<undefined>> {
  const underStorageRootKey = { handles: [handles.storageRootKey], sessions: [noPassword] };
  const { publicArea, duplicate, outerSeed, inner } = wrapped;
  const cipher = [u16(algorithms.aes), u16(128), u16(algorithms.cfb)];
  const imported = await run({
    name: 'Import',
    ...underStorageRootKey,
    parameters: [tpm2b(inner), tpm2b(publicArea), tpm2b(duplicate), tpm2b(outerSeed), ...cipher],
  });
  if (!imported.ok) return imported;
  const loaded = await run({
    name: 'Load',
    ...underStorageRootKey,
    parameters: [tpm2b(imported.value.parameters.tpm2b()), tpm2b(publicArea)],
    returnsHandle: true,
  });
  if (!loaded.ok) return loaded;
  // A handle holds only one key, so this evicts the previous key first.
  await evictControl(run, handles.identityKey, handles.identityKey);
  const stored = await evictControl(run, loaded.value.handle, handles.identityKey);
  await flushContext(run, loaded.value.handle);
  return stored.ok ? done : stored;
}
