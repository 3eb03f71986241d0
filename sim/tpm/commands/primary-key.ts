import { tpm2b } from '../../../core/tpm/bytes.ts';
import type { RunCommand, TpmFailure } from '../command.ts';
import { createPrimary } from './create-primary.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/**
 * TPM2B_PUBLIC of the key at a persistent handle. Where there is none it is made from the hierarchy's seed and kept there,
 * as the SDKs do.
 *
 * @param key template is a TPMT_PUBLIC.
 */
export async function primaryKey(
  run: RunCommand,
  key: { readonly handle: number; readonly hierarchy: number; readonly template: Buffer },
): Promise<{ readonly ok: true; readonly publicArea: Buffer } | TpmFailure> {
  const known = await run({ name: 'ReadPublic', handles: [key.handle] });
  if (known.ok) return { ok: true, publicArea: tpm2b(known.parameters.tpm2b()) };
  const created = await createPrimary(run, key.hierarchy, key.template);
  if (!created.ok) return created;
  const kept = await evictControl(run, created.handle, key.handle);
  await flushContext(run, created.handle);
  return kept.ok ? { ok: true, publicArea: created.publicArea } : kept;
}
