import { tpm2b, u16, u32 } from '../../../core/tpm/bytes.ts';
import { algorithms, handles } from '../../../core/tpm/templates.ts';
import { succeeded } from '../../../core/result.ts';
import { noPassword, permanent, type RunCommand, type TpmResult } from '../command.ts';
import { flushContext } from './flush-context.ts';

/** Returns the HMAC-SHA256 of `data` with the identity key. Uses TPM2_HMAC, or a sequence if `data` is too long (Part 3 15.4, 17.2). */
export async function hmac(run: RunCommand, data: Buffer): Promise<TpmResult<Buffer>> {
  if (data.length > inputLimit) return hmacInParts(run, data);
  const parameters = [tpm2b(data), u16(algorithms.sha256)];
  const response = await run({ name: 'HMAC', handles: [handles.identityKey], sessions: [noPassword], parameters });
  return response.ok ? succeeded(response.value.parameters.tpm2b()) : response;
}

/** TPM_PT_INPUT_BUFFER of libtpms. */
const inputLimit = 1024;

async function hmacInParts(run: RunCommand, data: Buffer): ReturnType<typeof hmac> {
  const started = await run({
    name: 'HMAC_Start',
    handles: [handles.identityKey],
    sessions: [noPassword],
    parameters: [tpm2b(Buffer.alloc(0)), u16(algorithms.sha256)],
    returnsHandle: true,
  });
  if (!started.ok) return started;
  const { handle } = started.value;
  const sequence = { handles: [handle], sessions: [noPassword] };
  let at = 0;
  for (; data.length - at > inputLimit; at += inputLimit) {
    const part = tpm2b(data.subarray(at, at + inputLimit));
    const updated = await run({ name: 'SequenceUpdate', ...sequence, parameters: [part] });
    if (updated.ok) continue;
    await flushContext(run, handle);
    return updated;
  }
  const last = [tpm2b(data.subarray(at)), u32(permanent.null)];
  const completed = await run({ name: 'SequenceComplete', ...sequence, parameters: last });
  if (completed.ok) return succeeded(completed.value.parameters.tpm2b());
  // The sequence did not complete, so the TPM has not flushed it.
  await flushContext(run, handle);
  return completed;
}
