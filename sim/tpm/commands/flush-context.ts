import { u32 } from '../../../core/tpm/bytes.ts';
import { UnexpectedTpmFailure, type RunCommand } from '../command.ts';

/** Flushes a transient object or a session. The TPM has just returned its handle, so a refusal is an internal error. */
export async function flushContext(run: RunCommand, handle: number): Promise<void> {
  const flushed = await run({ name: 'FlushContext', parameters: [u32(handle)] });
  if (!flushed.ok) throw new UnexpectedTpmFailure(flushed.failure);
}
