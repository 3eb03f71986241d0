import { tpm2b, TpmReader, u16, u32 } from '../../../core/tpm/bytes.ts';
import { algorithms } from '../../../core/tpm/templates.ts';
import { succeeded } from '../../../core/result.ts';
import { noPassword, permanent, type RunCommand, type TpmResult } from '../command.ts';

/** Signs a SHA-256 digest with ECDSA (TPM2_Sign, Part 3 20.2). Returns r and s, 32 octets each. */
export async function signDigest(run: RunCommand, digest: Buffer, handle: number): Promise<TpmResult<Buffer>> {
  // An empty TPM_ST_HASHCHECK ticket. The TPM did not compute the digest, and the key is not restricted.
  const noTicket = Buffer.concat([u16(0x8024), u32(permanent.null), tpm2b(Buffer.alloc(0))]);
  const signed = await run({
    name: 'Sign',
    handles: [handle],
    sessions: [noPassword],
    parameters: [tpm2b(digest), u16(algorithms.null), noTicket],
  });
  if (!signed.ok) return signed;
  const reader: TpmReader = signed.value.parameters;
  reader.take(4);
  return succeeded(Buffer.concat([padded(reader.tpm2b()), padded(reader.tpm2b())]));
}

function padded(number: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, 32 - number.length)), number]);
}
