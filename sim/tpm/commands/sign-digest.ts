import { tpm2b, TpmReader, u16, u32 } from '../../../core/tpm/bytes.ts';
import { algorithms } from '../../../core/tpm/templates.ts';
import { noPassword, permanent, type RunCommand, type TpmFailure } from '../command.ts';

/** ECDSA with a signing key over a SHA-256 digest (TPM2_Sign, Part 3 20.2). The signature is r and s side by side. */
export async function signDigest(
  run: RunCommand,
  digest: Buffer,
  handle: number,
): Promise<{ readonly ok: true; readonly signature: Buffer } | TpmFailure> {
  // TPM_ST_HASHCHECK with nothing in it: the digest was made outside, and the key is not restricted.
  const noTicket = Buffer.concat([u16(0x8024), u32(permanent.null), tpm2b(Buffer.alloc(0))]);
  const signed = await run({
    name: 'Sign',
    handles: [handle],
    sessions: [noPassword],
    parameters: [tpm2b(digest), u16(algorithms.null), noTicket],
  });
  if (!signed.ok) return signed;
  const reader: TpmReader = signed.parameters;
  reader.take(4);
  return { ok: true, signature: Buffer.concat([padded(reader.tpm2b()), padded(reader.tpm2b())]) };
}

function padded(number: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, 32 - number.length)), number]);
}
