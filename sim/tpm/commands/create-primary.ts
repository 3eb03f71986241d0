import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { succeeded } from '../../../core/result.ts';
import { noPassword, type RunCommand, type TpmResult } from '../command.ts';

/**
 * Makes a key from the seed of a hierarchy and leaves it loaded (TPM2_CreatePrimary, Part 3 24.1). The same seed and template always make
 * the same key. The caller must flush `handle`.
 * @param template TPMT_PUBLIC.
 * @returns a transient handle and a TPM2B_PUBLIC.
 */
export async function createPrimary(
  run: RunCommand,
  hierarchy: number,
  template: Buffer,
): Promise<TpmResult<{ readonly handle: number; readonly publicArea: Buffer }>> {
  const empty = tpm2b(Buffer.alloc(0));
  const created = await run({
    name: 'CreatePrimary',
    handles: [hierarchy],
    sessions: [noPassword],
    // The password, the data, outsideInfo and the PCRs are empty.
    parameters: [tpm2b(Buffer.concat([empty, empty])), tpm2b(template), empty, u32(0)],
    returnsHandle: true,
  });
  if (!created.ok) return created;
  const { handle, parameters } = created.value;
  return succeeded({ handle, publicArea: tpm2b(parameters.tpm2b()) });
}
