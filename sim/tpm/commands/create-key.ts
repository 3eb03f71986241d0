import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { handles } from '../../../core/tpm/templates.ts';
import { succeeded } from '../../../core/result.ts';
import { noPassword, type RunCommand, type TpmResult } from '../command.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/**
 * Makes a key below the storage root key and stores it at a persistent handle (TPM2_Create, TPM2_Load, Part 3 12.1 and 12.2). Replaces the
 * key that is there.
 * @param key `template` is a TPMT_PUBLIC; `secret` is the bytes of a key that another party made.
 * @returns the TPMT_PUBLIC.
 */
export async function createKey(
  run: RunCommand,
  key: { readonly handle: number; readonly template: Buffer; readonly secret?: Buffer },
): Promise<TpmResult<Buffer>> {
  const underStorageRootKey = { handles: [handles.storageRootKey], sessions: [noPassword] };
  const empty = tpm2b(Buffer.alloc(0));
  const sensitive = tpm2b(Buffer.concat([empty, tpm2b(key.secret ?? Buffer.alloc(0))]));
  const created = await run({
    name: 'Create',
    ...underStorageRootKey,
    // The last two parameters are empty: outsideInfo and PCRs.
    parameters: [sensitive, tpm2b(key.template), empty, u32(0)],
  });
  if (!created.ok) return created;
  const wrapped = created.value.parameters.tpm2b();
  const publicArea = created.value.parameters.tpm2b();
  const loaded = await run({
    name: 'Load',
    ...underStorageRootKey,
    parameters: [tpm2b(wrapped), tpm2b(publicArea)],
    returnsHandle: true,
  });
  if (!loaded.ok) return loaded;
  // A handle holds only one key, so this evicts the previous key first.
  await evictControl(run, key.handle, key.handle);
  const stored = await evictControl(run, loaded.value.handle, key.handle);
  await flushContext(run, loaded.value.handle);
  return stored.ok ? succeeded(publicArea) : stored;
}
