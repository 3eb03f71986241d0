import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { noPassword, type RunCommand, type TpmFailure } from '../command.ts';

/**
 * Makes a key from a hierarchy's seed and leaves it loaded: the same seed and template make the same key every time
 * (TPM2_CreatePrimary, Part 3 24.1). Flush `handle` afterwards.
 *
 * @param template TPMT_PUBLIC.
 */
export async function createPrimary(
  run: RunCommand,
  hierarchy: number,
  template: Buffer,
): Promise<{ readonly ok: true; readonly handle: number; readonly publicArea: Buffer } | TpmFailure> {
  const empty = tpm2b(Buffer.alloc(0));
  const created = await run({
    name: 'CreatePrimary',
    handles: [hierarchy],
    sessions: [noPassword],
    // No password and no data of its own, nothing about the outside, no PCRs.
    parameters: [tpm2b(Buffer.concat([empty, empty])), tpm2b(template), empty, u32(0)],
    returnsHandle: true,
  });
  return created.ok ? { ok: true, handle: created.handle, publicArea: tpm2b(created.parameters.tpm2b()) } : created;
}
