import { serverCertificateSpan } from '../../core/time/calendar.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import type { Device } from '../devices/device.ts';
import type { WorldKeyStores } from '../key-stores/world-key-stores.ts';

/** Returns warnings about parts that a run accepts although they are unfit for production. */
export function warningsIn(devices: ReadonlyMap<string, Device>, keyStores: WorldKeyStores): readonly string[] {
  return [...[...devices.values()].flatMap(warningsAbout), ...keyStores.models];
}

/**
 * Returns a warning if the timeline leaves the years in which server certificates are valid. Devices that check dates then reject the
 * servers, and this rejection says nothing about the scenario.
 */
export function warningsAboutTime(start: Millis, end: Millis): readonly string[] {
  const { notBefore, notAfter } = serverCertificateSpan;
  if (start >= notBefore && end <= notAfter) return [];
  return [
    `the timeline goes from ${isoInstant(start)} to ${isoInstant(end)}, but the server certificates of the mock are only valid from 2000 to 2099. Outside of these years, devices refuse the servers, unless they have \`checksServerValidity: false\``,
  ];
}

function warningsAbout({ name, tpm }: Device): readonly string[] {
  return tpm?.kind === 'software'
    ? [`${name} has a software TPM, which is not safe for production: an attacker can copy the file with its keys`]
    : [];
}
