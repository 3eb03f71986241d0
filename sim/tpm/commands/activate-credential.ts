import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { handles } from '../../../core/tpm/templates.ts';
import { succeeded } from '../../../core/result.ts';
import { noPassword, permanent, type RunCommand, type TpmResult } from '../command.ts';
import { flushContext } from './flush-context.ts';
import { startPolicySession } from './policy-session.ts';

/**
 * Decrypts a credential for the endorsement key and the storage root key of this TPM (TPM2_ActivateCredential, Part 3 12.5).
 * @param identityObject content of the TPM2B_ID_OBJECT.
 * @param encryptedSecret content of the TPM2B_ENCRYPTED_SECRET.
 * @returns the secret in the credential.
 */
export async function activateCredential(
  run: RunCommand,
  identityObject: Buffer,
  encryptedSecret: Buffer,
): Promise<TpmResult<Buffer>> {
  const session = await endorsementSession(run);
  if (!session.ok) return session;
  const activated = await run({
    name: 'ActivateCredential',
    handles: [handles.storageRootKey, handles.endorsementKey],
    sessions: [noPassword, { policy: session.value }],
    parameters: [tpm2b(identityObject), tpm2b(encryptedSecret)],
  });
  await flushContext(run, session.value);
  return activated.ok ? succeeded(activated.value.parameters.tpm2b()) : activated;
}

/**
 * Opens a policy session for the endorsement key of the SDKs. Its authPolicy requires PolicySecret with the endorsement hierarchy (Part 3
 * 23.4).
 */
async function endorsementSession(run: RunCommand): Promise<TpmResult<number>> {
  const empty = tpm2b(Buffer.alloc(0));
  const started = await startPolicySession(run);
  if (!started.ok) return started;
  const { handle } = started.value;
  const satisfied = await run({
    name: 'PolicySecret',
    handles: [permanent.endorsement, handle],
    sessions: [noPassword],
    parameters: [empty, empty, empty, u32(0)],
  });
  if (satisfied.ok) return succeeded(handle);
  await flushContext(run, handle);
  return satisfied;
}
