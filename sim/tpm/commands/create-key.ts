import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { handles } from '../../../core/tpm/templates.ts';
import { noPassword, type RunCommand, type TpmFailure } from '../command.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/**
 * Makes a key under the storage root key and keeps it at a persistent handle, in place of a former one (TPM2_Create,
 * TPM2_Load, Part 3 12.1 and 12.2).
 *
 * @param key template is a TPMT_PUBLIC; secret the bytes of a key that was made outside.
 * @returns the TPMT_PUBLIC.
 */
export async function createKey(
  run: RunCommand,
  key: { readonly handle: number; readonly template: Buffer; readonly secret?: Buffer },
): Promise<{ readonly ok: true; readonly publicArea: Buffer } | TpmFailure> {
  const underStorageRootKey = { handles: [handles.storageRootKey], sessions: [noPassword] };
  const empty = tpm2b(Buffer.alloc(0));
  const sensitive = tpm2b(Buffer.concat([empty, tpm2b(key.secret ?? Buffer.alloc(0))]));
  const created = await run({
    name: 'Create',
    ...underStorageRootKey,
    // Nothing about the outside, no PCRs.
    parameters: [sensitive, tpm2b(key.template), empty, u32(0)],
  });
  if (!created.ok) return created;
  const wrapped = created.parameters.tpm2b();
  const publicArea = created.parameters.tpm2b();
  const loaded = await run({
    name: 'Load',
    ...underStorageRootKey,
    parameters: [tpm2b(wrapped), tpm2b(publicArea)],
    returnsHandle: true,
  });
  if (!loaded.ok) return loaded;
  // The former key goes first: the handle takes one. There may be none.
  await evictControl(run, key.handle, key.handle);
  const kept = await evictControl(run, loaded.handle, key.handle);
  await flushContext(run, loaded.handle);
  return kept.ok ? { ok: true, publicArea } : kept;
}
