import type { FleetCall, FleetRules } from '../../core/cloud/fleet-rules.ts';
import { isValidAt } from '../../core/rules/is-valid-at.ts';
import type { Millis } from '../../core/time/clock.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { certificatesOf } from '../transports/certificates-of.ts';
import type { ClientIdentity } from '../transports/peer.ts';
import type { Device } from '../devices/device.ts';
import type { HubPlace } from '../devices/device-change.ts';
import { attestations } from '../devices/attestation/attestations.ts';
import { requestCertificate } from '../devices/issued-credential.ts';
import { forgetKey } from '../key-stores/forget-key.ts';
import type { Fleet, IssueCertificate } from './fleet.ts';

/** The certificate that a device sends in a registration of the forecast. */
export interface ShownCertificate {
  readonly isValid: boolean;
  /** True if the certificate comes from a renewal, false if it comes from the factory. */
  readonly isRenewed: boolean;
}

interface Circumstances {
  readonly rules: FleetRules;
  readonly idScope: string;
  readonly renew: IssueCertificate | undefined;
}

/**
 * Returns a registration request of a real device with a certificate as in `shown`, and the instant of the forecast. In an enrollment
 * group, the request has a new certificate and the instant is `at`. An individual enrollment accepts only the existing certificate. The
 * function then chooses an instant at which this certificate has the validity in `shown`.
 */
export async function registrationCall(
  fleet: Fleet,
  device: Device,
  shown: ShownCertificate,
  at: Millis,
  { rules, idScope, renew }: Circumstances,
): Promise<{ readonly call: FleetCall; readonly at: Millis }> {
  const registrationId = device.registrationId ?? device.name;
  const side = attestations[device.attestation];
  let identity = side.tlsIdentity(device);
  let foreseenAt = at;
  if (identity !== undefined) {
    const issue = shown.isRenewed ? renew : fleet.issue;
    if (issue === undefined || rules.isIndividual(registrationId)) foreseenAt = instantOf(identity, shown.isValid, at);
    else identity = await issue(device, shown.isValid ? around(at) : before(at));
  }
  const token = await side.dpsToken(device, `${idScope}/registrations/${registrationId}`);
  const certificates = certificatesOf(identity);
  const csr = device.credential === 'issued-by-dps' ? await csrOf(device, registrationId) : undefined;
  return { call: { registrationId, transport: device.transport, token, certificates, csr }, at: foreseenAt };
}

async function csrOf(device: Device, registrationId: string): Promise<string> {
  const { csr, key } = await requestCertificate(device.csrName ?? registrationId, device.keys);
  await forgetKey(key.handshake);
  return csr;
}

/** Returns the credential of a device for its hub, and an instant at which its certificate is valid, or invalid if `isValid` is false. */
export async function hubCredential(
  device: Device,
  { hub, deviceId }: HubPlace,
  isValid: boolean,
  at: Millis,
): Promise<{ readonly token: string | undefined; readonly certificates: readonly Buffer[]; readonly at: Millis }> {
  const { issued } = device.flash;
  const side = attestations[device.attestation];
  const identity = issued ?? side.tlsIdentity(device);
  // A device with a certificate that DPS issued sends no token, as in `callHub`.
  const token = issued === undefined ? await side.hubToken(device, `${hub}/devices/${deviceId}`) : undefined;
  const certificates = certificatesOf(identity);
  return { token, certificates, at: identity === undefined ? at : instantOf(identity, isValid, at) };
}

/** Returns an instant at which the leaf is valid, or invalid if `isValid` is false. Prefers `at`. */
function instantOf(identity: ClientIdentity, isValid: boolean, at: Millis): Millis {
  const [leaf] = certificatesOf(identity);
  const read = leaf === undefined ? undefined : parseCertificate(leaf);
  if (read?.ok !== true) return at;
  const { notBefore, notAfter } = read.value;
  if (isValidAt(read.value, at) === isValid) return at;
  return isValid ? Math.min(Math.max(at, notBefore), notAfter) : notAfter + 1;
}

function around(at: Millis) {
  return { notBefore: wholeSecond(at - hourMs), notAfter: wholeSecond(at + hourMs) };
}

function before(at: Millis) {
  return { notBefore: wholeSecond(at - 2 * hourMs), notAfter: wholeSecond(at - hourMs) };
}

function wholeSecond(at: Millis): Millis {
  return at - (at % 1000);
}

const hourMs = 3_600_000;
