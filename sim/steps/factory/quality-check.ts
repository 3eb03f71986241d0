import { z } from 'zod';
import { isoInstant } from '../../../core/time/clock.ts';
import { type DecisionTrace, firstFailed } from '../../../core/history/decision.ts';
import { addDuration } from '../../../core/time/duration.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { defineStep } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import type { InstalledCertificate } from '../../devices/flash.ts';
import { identityOf } from '../../devices/identity.ts';
import { attestations } from '../../devices/attestation/attestations.ts';
import { keyMatches } from '../../devices/key-matches.ts';
import { duration, reference } from '../../scenario/words/words.ts';
import type { World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

const args = z.strictObject({
  device: reference('device', 'Device or fleet.'),
  shelfLife: duration(
    'Longest time that a device may be in a warehouse. Its certificate must be valid for this time.',
  ).default('P1Y'),
});

/** Inspects a device. The station uses its own clock and needs no network. */
export const qualityCheckStep = defineStep({
  name: 'quality-check',
  summary: 'A station compares the content of a device with the order. A device that fails is not packaged.',
  judges: true,
  args,
  uses: ['cloud', 'devices', 'factory', 'history', 'place'],
  run: async (world, words) => {
    for (const device of world.devices.select(words.device)) {
      const trace = world.history.trace('station', device.name, 'quality check');
      await inspect(device, words.shelfLife, world, trace);
      const decision = trace.decision();
      world.history.record({ kind: 'decision', ...decision });
      const failed = firstFailed(decision);
      if (failed === undefined) continue;
      world.factory.stopped.set(device.name, { how: 'rejected', check: failed.check });
      world.tell('manufacturer', device.name, `it is rejected: expected ${failed.expected}, found ${failed.found}`);
    }
  },
});

/** Runs the checks in order and stops at the first failed check. */
async function inspect(
  device: Device,
  shelfLife: string,
  world: Pick<World, 'cloud' | 'factory' | 'place'>,
  trace: DecisionTrace,
): Promise<boolean> {
  const { config, certificate } = device.flash;
  const ordered = `${world.cloud.idScope} at ${globalEndpoint}`;
  const found =
    config === undefined
      ? 'nothing'
      : `${config.idScope} at ${config.endpoint}${config.tls === false ? ' without TLS' : ''}`;
  const missing = attestations[device.attestation].missing(device);
  return (
    trace.check('credential-present', missing === undefined, 'a credential', missing ?? 'a credential') &&
    trace.check('client-configured', config !== undefined, ordered, found) &&
    trace.check('configuration-as-ordered', found === ordered, ordered, found) &&
    (device.attestation !== 'x509' ||
      certificate === undefined ||
      (isPair(certificate, trace) && (await inspectCertificate(device, certificate.leaf, shelfLife, world, trace)))) &&
    isUnique(device.name, await identityOf(device), world, trace)
  );
}

function isPair(certificate: InstalledCertificate, trace: DecisionTrace): boolean {
  const matches = keyMatches(certificate);
  return trace.check(
    'key-matches-certificate',
    matches,
    'the key of the certificate',
    matches ? 'the key of the certificate' : 'another key',
  );
}

async function inspectCertificate(
  device: Device,
  leaf: Buffer,
  shelfLife: string,
  world: Pick<World, 'place'>,
  trace: DecisionTrace,
): Promise<boolean> {
  const parsed = parseCertificate(leaf);
  if (
    !trace.check(
      'certificate-readable',
      parsed.ok,
      'a certificate',
      parsed.ok ? 'a certificate' : parsed.failure.sentence,
    )
  )
    return false;
  if (!parsed.ok) return false;
  const { commonName, notBefore, notAfter } = parsed.value;
  const now = world.place.clock.now();
  const until = addDuration(now, shelfLife);
  const registrationId = await knownRegistrationId(device);
  const isNamed = commonName?.toLowerCase() === registrationId.toLowerCase();
  const validity = `${isoInstant(notBefore)} to ${isoInstant(notAfter)}`;
  return (
    trace.check('common-name-matches', isNamed, registrationId, commonName ?? 'none') &&
    trace.check('certificate-valid-now', notBefore <= now && now <= notAfter, validity, isoInstant(now)) &&
    trace.check('shelf-life-covered', until <= notAfter, `valid until ${isoInstant(until)}`, isoInstant(notAfter))
  );
}

function isUnique(
  name: string,
  identity: string | undefined,
  { factory }: Pick<World, 'factory'>,
  trace: DecisionTrace,
): boolean {
  if (identity === undefined) return true;
  const other = factory.inspected.get(identity);
  const isFirst = other === undefined || other === name;
  if (isFirst) factory.inspected.set(identity, name);
  return trace.check(
    'identity-unique',
    isFirst,
    'a unique identity',
    isFirst ? 'a unique identity' : `the identity of ${other}`,
  );
}
