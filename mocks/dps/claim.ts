import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import { defined } from '../../core/defined.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import type { Random } from '../../core/random.ts';
import { failedWith, succeeded, type Result } from '../../core/result.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { RegisterBody } from '../../core/wire/dps-wire.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../core/wire/enrollment.ts';
import { problems, type Problem } from '../../core/wire/problems.ts';
import type { Proof } from './attestation/proof.ts';
import type { CaCertificates } from './ca-certificates.ts';
import type { DeviceCall } from './device-call.ts';
import type { Registrations } from './registrations.ts';

/** A registration request: the claimed identity and the credentials for it. */
export interface Claim extends DeviceCall {
  readonly body: RegisterBody;
}

/** Reads a register request. @param bytes its body as JSON. */
export function readClaim(call: DeviceCall, bytes: Buffer): Result<Claim, Problem> {
  const body = readBody(bytes, call.registrationId);
  return body.ok ? succeeded({ ...call, body: body.value }) : body;
}

/** The services and settings that an attestation uses in addition to the claim. */
export interface Circumstances {
  readonly clock: Clock;
  readonly random: Random;
  readonly fidelity: FidelitySettings;
  readonly trace: DecisionTrace;
  readonly caCertificates: CaCertificates;
  readonly registrations: Registrations;
}

/** The result of an attestation. */
export type Finding =
  | { readonly kind: 'proved'; readonly proof: Proof }
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** The enrollment is disabled, and the claim is valid or uses another attestation type. */
  | { readonly kind: 'disabled'; readonly enrollment: IndividualEnrollment | EnrollmentGroup }
  /** The device must send a second request, signed with the key in the challenge. */
  | { readonly kind: 'challenge'; readonly authenticationKey: Buffer };

/** Returns a refusal. The caller has already recorded the failed check. */
export function refused(problem: Problem): Finding {
  return { kind: 'refused', problem };
}

/**
 * Reads the JSON of a register request. An empty or blank body counts as `{}`, because some clients send such a body.
 *
 * @param registrationId the ID in the path or user name. The body must not contain a different ID.
 */
function readBody(bytes: Buffer, registrationId: string): Result<RegisterBody, Problem> {
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
export function withoutNull({
  endorsementKey,
  storageRootKey,
}: {
  readonly endorsementKey: string;
  readonly storageRootKey?: string | null | undefined;
}): NonNullable<RegisterBody['tpm']> {
  return typeof storageRootKey === 'string' ? { endorsementKey, storageRootKey } : { endorsementKey };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
