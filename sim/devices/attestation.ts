import { addDuration } from '../../core/time/duration.ts';
import type { RegisterBody } from '../../core/wire/dps-wire.ts';
import type { ClientIdentity } from '../transports/tls-connection.ts';
import type { Device } from './device.ts';

/** The device's half of one way to prove an identity. The service's half is in mocks/dps/attestation. */
export interface DeviceAttestation {
  /** What the device lacks to attest at all, in words; undefined where it lacks nothing. */
  missing(device: Device): string | undefined;
  /** The certificate for the TLS handshake, if this is how it proves itself. */
  tlsIdentity(device: Device): ClientIdentity | undefined;
  registerBody(device: Device, registrationId: string): Promise<RegisterBody>;
  /** A token for DPS over `idScope/registrations/id`, where one is sent with the first request. */
  dpsToken(device: Device, resource: string): Promise<string | undefined>;
  /** A token for the hub over `host/devices/id`, where the hub is to know the device by one. */
  hubToken(device: Device, resource: string): Promise<string | undefined>;
}

/** By the device's own clock, in seconds since 1970. Tokens last an hour where nothing else is said, as those of the Node SDK. */
export function tokenExpiry({ clock, tokenLifetime = 'PT1H' }: Device): number {
  return Math.floor(addDuration(clock.now(), tokenLifetime) / 1000);
}
