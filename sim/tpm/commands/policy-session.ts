import { tpm2b, u16 } from '../../../core/tpm/bytes.ts';
import { algorithms } from '../../../core/tpm/templates.ts';
import { permanent, type RunCommand, type TpmResponse, type TpmResult } from '../command.ts';

/** Opens a policy session, unsalted and unbound (TPM2_StartAuthSession, Part 3 11.1). The caller must flush the session. */
export function startPolicySession(run: RunCommand): Promise<TpmResult<TpmResponse>> {
  const empty = tpm2b(Buffer.alloc(0));
  // The TPM requires a nonce of at least 16 bytes. A session without HMAC does not use the nonce.
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
