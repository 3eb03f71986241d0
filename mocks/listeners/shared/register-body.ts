import { defined } from '../../../core/defined.ts';
import { failedWith, succeeded, type Result } from '../../../core/result.ts';
import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import { problems, type Problem } from '../../../core/wire/problems.ts';

/**
 * Reads the JSON of a register request. An empty or blank body counts as `{}`, because some clients send such a body.
 *
 * @param registrationId the ID in the path or user name. The body must not contain a different ID.
 */
export function readRegisterBody(bytes: Buffer, registrationId: string): Result<RegisterBody, Problem> {
  const text = bytes.toString('utf8').trim();
  if (text === '') return succeeded({});
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failedWith(problems.malformedBody);
  }
  if (!isObject(value)) return failedWith(problems.invalidBody);
  const named = value['registrationId'];
  if (named !== undefined && (typeof named !== 'string' || named.toLowerCase() !== registrationId.toLowerCase())) {
    return failedWith(problems.invalidBody);
  }
  const tpm = value['tpm'];
  if (tpm !== undefined && tpm !== null && !isTpm(tpm)) return failedWith(problems.endorsementKeyMismatch);
  const csr = value['csr'] ?? undefined;
  if (csr !== undefined && typeof csr !== 'string') return failedWith(problems.invalidBody);
  return succeeded({
    ...defined({ registrationId: named }),
    ...(isTpm(tpm) ? { tpm: withoutNull(tpm) } : {}),
    ...defined({ csr }),
    ...('payload' in value ? { payload: value['payload'] } : {}),
  });
}

function isTpm(value: unknown): value is NonNullable<RegisterBody['tpm']> {
  if (!isObject(value) || typeof value['endorsementKey'] !== 'string') return false;
  const storageRootKey = value['storageRootKey'];
  return storageRootKey === undefined || storageRootKey === null || typeof storageRootKey === 'string';
}

/** Treats null like an absent key, because some JSON serialisers write absent keys as null. */
function withoutNull({
  endorsementKey,
  storageRootKey,
}: NonNullable<RegisterBody['tpm']>): NonNullable<RegisterBody['tpm']> {
  return typeof storageRootKey === 'string' ? { endorsementKey, storageRootKey } : { endorsementKey };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
