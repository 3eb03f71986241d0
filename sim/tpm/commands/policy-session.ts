import { tpm2b, u16 } from '../../../core/tpm/bytes.ts';
import { algorithms } from '../../../core/tpm/templates.ts';
import { permanent, type RunCommand, type TpmResponse } from '../command.ts';

/** Opens a policy session that is neither salted nor bound (TPM2_StartAuthSession, Part 3 11.1). Flush it afterwards. */
export function startPolicySession(run: RunCommand): Promise<TpmResponse> {
  const empty = tpm2b(Buffer.alloc(0));
  // The TPM asks for at least 16 bytes; the nonce plays no part in a session without HMAC.
  const nonce = tpm2b(Buffer.alloc(20));
  return run({
    name: 'StartAuthSession',
    handles: [permanent.null, permanent.null],
    parameters: [nonce, empty, Buffer.of(policySession), u16(algorithms.null), u16(algorithms.sha256)],
    returnsHandle: true,
  });
}

/** TPM_SE_POLICY. */
const policySession = 1;
