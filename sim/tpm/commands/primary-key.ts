import { tpm2b } from '../../../core/tpm/bytes.ts';
import { succeeded } from '../../../core/result.ts';
import type { RunCommand, TpmResult } from '../command.ts';
import { createPrimary } from './create-primary.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/**
 * Returns the TPM2B_PUBLIC of the key at a persistent handle. If no key is there, creates the key from the seed of the hierarchy and stores
 * it at this handle, as the SDKs do.
 * @param key `template` is a TPMT_PUBLIC.
 */
export async function primaryKey(
  run: RunCommand,
  key: { readonly handle: number; readonly hierarchy: number; readonly template: Buffer },
): Promise<TpmResult<Buffer>> {
  const known = await run({ name: 'ReadPublic', handles: [key.handle] });
  if (known.ok) return succeeded(tpm2b(known.value.parameters.tpm2b()));
  const created = await createPrimary(run, key.hierarchy, key.template);
  if (!created.ok) return created;
  const { handle, publicArea } = created.value;
  const stored = await evictControl(run, handle, key.handle);
  await flushContext(run, handle);
  return stored.ok ? succeeded(publicArea) : stored;
}
