import { addDuration } from '../../../core/time/duration.ts';
import type { RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { ClientIdentity } from '../../transports/peer.ts';
import type { Device } from '../device.ts';

/** Device side of an attestation type: the credentials that the device presents. The service side is in mocks/dps/attestation. */
export interface DeviceAttestation {
  /** Returns a sentence that names the missing credential, or undefined if the device has its credential. */
  missing(device: Device): string | undefined;
  /** Returns the certificate for the TLS handshake, or undefined if the attestation uses none. */
  tlsIdentity(device: Device): ClientIdentity | undefined;
  registerBody(device: Device, registrationId: string): Promise<RegisterBody>;
  /** Returns a token for the resource `idScope/registrations/id` of DPS, or undefined if the first request has no token. */
  dpsToken(device: Device, resource: string): Promise<string | undefined>;
  /** Returns a token for the resource `host/devices/id` of the hub, or undefined if the device cannot make a token. */
  hubToken(device: Device, resource: string): Promise<string | undefined>;
}

/** Returns the expiry of a token made now, in seconds since 1970 by the device's own clock. */
export function tokenExpiry({ clock, tokenLifetime = 'PT1H' }: Device): number {
  return Math.floor(addDuration(clock.now(), tokenLifetime) / 1000);
}
