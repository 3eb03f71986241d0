import { addDuration } from '../../../core/time/duration.ts';
import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { ClientIdentity } from '../../transports/peer.ts';
import type { Device } from '../device.ts';

/** The device's half of one attestation. The service's half is in mocks/dps/attestation. */
export interface DeviceAttestation {
  /** Returns the credential that the device lacks, in words, or undefined if it lacks none. */
  missing(device: Device): string | undefined;
  /** Returns the certificate for the TLS handshake, or undefined if the attestation uses none. */
  tlsIdentity(device: Device): ClientIdentity | undefined;
  registerBody(device: Device, registrationId: string): Promise<RegisterBody>;
  /** Returns a token for DPS over `idScope/registrations/id`, or undefined if the first request carries none. */
  dpsToken(device: Device, resource: string): Promise<string | undefined>;
  /** Returns a token for the hub over `host/devices/id`, or undefined if the device has none to show. */
  hubToken(device: Device, resource: string): Promise<string | undefined>;
}

/** Returns the expiry of a token made now, in seconds since 1970 by the device's own clock. */
export function tokenExpiry({ clock, tokenLifetime = 'PT1H' }: Device): number {
  return Math.floor(addDuration(clock.now(), tokenLifetime) / 1000);
}
