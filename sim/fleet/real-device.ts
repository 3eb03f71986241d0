import type { FleetRules } from '../../core/cloud/fleet-rules.ts';
import { failed, succeeded, type Result } from '../../core/result.ts';
import type { Millis } from '../../core/time/clock.ts';
import { certificatesOf } from '../transports/certificates-of.ts';
import { attestations } from '../devices/attestation/attestations.ts';
import type { Device } from '../devices/device.ts';
import { receivedCertificate, requestCertificate } from '../devices/issued-credential.ts';
import { FleetUnclear } from './fleet-unclear.ts';
import type { Fleet, IssueCertificate } from './fleet.ts';

interface Places {
  readonly rules: FleetRules;
  readonly idScope: string;
  readonly renew: IssueCertificate | undefined;
}

/**
 * Returns the real device of an index, with the state that the fleet has for it.
 * @throws FleetUnclear if the real device cannot reach this state.
 */
export async function realDevice(fleet: Fleet, index: number, places: Places): Promise<Device> {
  const brought = await bringDevice(fleet, index, places);
  if (brought.ok) return brought.value;
  throw new FleetUnclear(
    `${fleet.nameOf(index)} cannot run over real connections: ${brought.failure.sentence}; increase \`samples\` of the fleet, so that more devices use real connections from the start`,
  );
}

/**
 * Returns the real device of an index, with the same certificates, registration and renewal progress as in the simulation. Fails if DPS
 * would now reject this registration, for example because the device made it with an earlier key.
 */
export async function bringDevice(fleet: Fleet, index: number, places: Places): Promise<Result<Device>> {
  const isNew = !fleet.samples.has(index);
  const sampled = await fleet.sample(index, (device) => register(fleet, index, device, places));
  if (!sampled.ok || !isNew) return sampled;
  const device = sampled.value;
  const { certificates, isRenewed, preparedAtRegistration, renewal } = fleet.state;
  // The device has replaced its certificate after its last registration.
  if (isRenewed?.[index] === 1 && preparedAtRegistration[index] === replacedSince && certificates !== undefined)
    await install(device, index, fleet, places);
  device.renewal?.resume(renewal?.failures[index] ?? 0, renewal?.retryAt[index] ?? Number.NEGATIVE_INFINITY);
  return succeeded(device);
}

/** Value of `FleetState.preparedAtRegistration` of a device that has replaced its certificate after its last registration. */
export const replacedSince = 255;

async function register(fleet: Fleet, index: number, device: Device, places: Places): Promise<Result<unknown>> {
  const { rules, idScope } = places;
  const { assigned, isRenewed, issued, preparedAtRegistration } = fleet.state;
  const host = fleet.hubs[(assigned[index] ?? 0) - 1];
  if (host === undefined) return failed('no-hub', 'the simulation assigned no hub to this device');
  if (isRenewed?.[index] === 1 && preparedAtRegistration[index] === fleet.preparations)
    await install(device, index, fleet, places);
  const registrationId = device.registrationId ?? device.name;
  const side = attestations[device.attestation];
  const request =
    device.credential === 'issued-by-dps'
      ? await requestCertificate(device.csrName ?? registrationId, device.keys)
      : undefined;
  const token = await side.dpsToken(device, `${idScope}/registrations/${registrationId}`);
  const certificates = certificatesOf(side.tlsIdentity(device));
  const call = { registrationId, transport: device.transport, token, certificates, csr: request?.csr };
  const issuedAt: Millis | undefined = issued?.has(index) === true ? issued.of(index).notBefore : undefined;
  const brought = await rules.bring(call, host, issuedAt);
  if (!brought.ok) return brought;
  const chain = brought.value?.map((der) => der.toString('base64'));
  if (request !== undefined && chain !== undefined) {
    const received = receivedCertificate(chain, request);
    if (received !== undefined) device.writeFlash({ issued: received });
  }
  device.assign({ hub: host, deviceId: fleet.registrationIdOf(index) });
  return succeeded(undefined);
}

async function install(device: Device, index: number, { state }: Fleet, { renew }: Places): Promise<void> {
  if (renew === undefined || state.certificates === undefined) return;
  device.writeFlash({ certificate: await renew(device, state.certificates.of(index)) });
}
