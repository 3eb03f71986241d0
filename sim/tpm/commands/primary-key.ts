import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { noPassword, type RunCommand, type TpmFailure } from '../command.ts';
import { evictControl } from './evict-control.ts';
import { flushContext } from './flush-context.ts';

/**
 * TPM2B_PUBLIC of the key at a persistent handle. Where there is none it is made from the hierarchy's seed and kept there,
 * as the SDKs do: the same seed and template make the same key every time (TPM2_CreatePrimary, Part 3 24.1).
 *
 * @param key template is a TPMT_PUBLIC.
 */
export async function primaryKey(
  run: RunCommand,
  key: { readonly handle: number; readonly hierarchy: number; readonly template: Buffer },
): Promise<{ readonly ok: true; readonly publicArea: Buffer } | TpmFailure> {
  const known = await run({ name: 'ReadPublic', handles: [key.handle] });
  if (known.ok) return { ok: true, publicArea: tpm2b(known.parameters.tpm2b()) };
  const empty = tpm2b(Buffer.alloc(0));
  const created = await run({
    name: 'CreatePrimary',
    handles: [key.hierarchy],
    sessions: [noPassword],
    // No password and no data of its own, nothing about the outside, no PCRs.
    parameters: [tpm2b(Buffer.concat([empty, empty])), tpm2b(key.template), empty, u32(0)],
    returnsHandle: true,
  });
  if (!created.ok) return created;
  const kept = await evictControl(run, created.handle, key.handle);
  await flushContext(run, created.handle);
  return kept.ok ? { ok: true, publicArea: tpm2b(created.parameters.tpm2b()) } : kept;
}
