import { createHmac, randomBytes } from 'node:crypto';
import type { HubAccess } from '../../../core/cloud/cloud.ts';
import type { EnrollmentGroup, IndividualEnrollment } from '../../../core/wire/enrollment.ts';
import { idScope, noon } from './open-cloud.ts';

/** The parts of a token that a test can change. Default: the parts of a valid token. */
export interface TokenParts {
  readonly scope?: string;
  readonly sr?: string;
  /** Seconds since 1970. */
  readonly se?: number;
  /** null for none. */
  readonly skn?: string | null;
}

/** Returns a shared access signature for DPS. It does not use the code under test. */
export function dpsToken(key: Buffer, registrationId: string, parts: TokenParts = {}): string {
  const sr = parts.sr ?? `${parts.scope ?? idScope}%2Fregistrations%2F${registrationId}`;
  return token(key, sr, parts.se ?? noon / 1000 + 3600, parts.skn === undefined ? 'registration' : parts.skn);
}

/** Returns a shared access signature of a device for a hub. */
export function hubToken(key: Buffer, host: string, deviceId: string, se = noon / 1000 + 3600): string {
  return token(key, `${host}%2Fdevices%2F${deviceId}`, se, null);
}

/** Returns a shared access signature for an audience that is used unchanged. */
export function tokenFor(key: Buffer, sr: string, se = noon / 1000 + 3600): string {
  return token(key, sr, se, null);
}

/** Returns a shared access signature of a service client for a hub. */
export function serviceToken({ policyName, key }: HubAccess, sr: string, se = noon / 1000 + 3600): string {
  return token(Buffer.from(key, 'base64'), encodeURIComponent(sr), se, policyName);
}

/** Derives a device key from a group key. */
export function derivedKey(groupKey: Buffer, registrationId: string): Buffer {
  return createHmac('sha256', groupKey).update(registrationId).digest();
}

function token(key: Buffer, sr: string, se: number, skn: string | null): string {
  const sig = createHmac('sha256', key).update(`${sr}\n${se}`).digest('base64');
  const name = skn === null ? '' : `&skn=${skn}`;
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(sig)}&se=${se}${name}`;
}

type Terms = Partial<Omit<IndividualEnrollment, 'registrationId' | 'attestation'>>;

const terms = { provisioningStatus: 'enabled', allocationPolicy: 'hashed', hubs: [] } as const;

export function individual(
  registrationId: string,
  attestation: IndividualEnrollment['attestation'],
  changed: Terms = {},
): IndividualEnrollment {
  return { registrationId, attestation, ...terms, ...changed };
}

export function group(
  enrollmentGroupId: string,
  attestation: EnrollmentGroup['attestation'],
  changed: Omit<Terms, 'deviceId' | 'optionalDeviceInformation'> = {},
): EnrollmentGroup {
  return { enrollmentGroupId, attestation, ...terms, ...changed };
}

/** Creates two random keys for an attestation with symmetric keys. */
export function symmetricKeys(): { type: 'symmetricKey'; primaryKey: Buffer; secondaryKey: Buffer } {
  return { type: 'symmetricKey', primaryKey: randomBytes(64), secondaryKey: randomBytes(64) };
}
