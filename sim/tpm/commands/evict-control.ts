import { u32 } from '../../../core/tpm/bytes.ts';
import { noPassword, permanent, type RunCommand, type TpmResponse, type TpmResult } from '../command.ts';

/**
 * Stores a loaded key at the handle `persistent`. If `object` is the same handle, evicts the key that is there (TPM2_EvictControl, Part 3
 * 28.5).
 */
export function evictControl(run: RunCommand, object: number, persistent: number): Promise<TpmResult<TpmResponse>> {
  const authorised = { handles: [permanent.owner, object], sessions: [noPassword] };
  return run({ name: 'EvictControl', ...authorised, parameters: [u32(persistent)] });
}
