import { tpm2b, u32 } from '../../../core/tpm/bytes.ts';
import { handles } from '../../../core/tpm/templates.ts';
import { noPassword, permanent, type RunCommand, type TpmFailure } from '../command.ts';
import { flushContext } from './flush-context.ts';
import { startPolicySession } from './policy-session.ts';

/**
 * Opens a credential that was made for this endorsement key beside this storage root key (TPM2_ActivateCredential, Part 3
 * 12.5).
 *
 * @param identityObject content of the TPM2B_ID_OBJECT.
 * @param encryptedSecret content of the TPM2B_ENCRYPTED_SECRET.
 */
export async function activateCredential(
  run: RunCommand,
  identityObject: Buffer,
  encryptedSecret: Buffer,
): Promise<{ readonly ok: true; readonly secret: Buffer } | TpmFailure> {
  const session = await endorsementSession(run);
  if (!session.ok) return session;
  const activated = await run({
    name: 'ActivateCredential',
    handles: [handles.storageRootKey, handles.endorsementKey],
    sessions: [noPassword, { policy: session.handle }],
    parameters: [tpm2b(identityObject), tpm2b(encryptedSecret)],
  });
  await flushContext(run, session.handle);
  return activated.ok ? { ok: true, secret: activated.parameters.tpm2b() } : activated;
}

/** The authPolicy of the SDKs' endorsement key asks for PolicySecret with the endorsement hierarchy (Part 3 23.4). */
async function endorsementSession(
  run: RunCommand,
): Promise<{ readonly ok: true; readonly handle: number } | TpmFailure> {
  const empty = tpm2b(Buffer.alloc(0));
  const started = await startPolicySession(run);
  if (!started.ok) return started;
  const satisfied = await run({
    name: 'PolicySecret',
    handles: [permanent.endorsement, started.handle],
    sessions: [noPassword],
    parameters: [empty, empty, empty, u32(0)],
  });
  if (satisfied.ok) return { ok: true, handle: started.handle };
  await flushContext(run, started.handle);
  return satisfied;
}
