import { u32 } from '../../../core/tpm/bytes.ts';
import { UnexpectedTpmFailure, type RunCommand } from '../command.ts';

/** Flushes a transient object or a session; its handle came from this TPM just now, so a refusal is our own mistake. */
export async function flushContext(run: RunCommand, handle: number): Promise<void> {
  const flushed = await run({ name: 'FlushContext', parameters: [u32(handle)] });
  if (!flushed.ok) throw new UnexpectedTpmFailure(flushed);
}
