import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import { minutesOf } from './minutes-of.ts';
import { missingFor, playProgramFile } from './play-program.ts';

const limitMs = 600_000;
const passed = { kind: 'pass', reason: 'as expected' };

/** Puts the Python of the SDK tests, which has paho, before the other programs of PATH. */
const pythonPath = join(import.meta.dirname, '../../../node_modules/.cache/rehearsal/python/bin');
process.env['PATH'] = `${pythonPath}${delimiter}${process.env['PATH']}`;

/** The registration attempts of a meter whose certificate expires in the warehouse, before a technician replaces the certificate. */
const replaced = [
  '2026-01-05T08:00 assigned',
  '2027-01-05T08:10 refused certificate-valid-now',
  '2027-01-05T08:10 assigned',
  '2027-01-05T14:10 assigned',
  '2027-01-05T20:10 assigned',
  '2027-01-06T02:10 assigned',
  '2027-01-06T08:10 assigned',
];

/** The registration attempts of a meter to which DPS issues certificates for thirty days. */
const issued = [
  '2026-01-05T08:00 assigned',
  '2026-01-10T08:00 assigned',
  '2026-01-15T08:00 assigned',
  '2026-01-20T08:00 assigned',
  '2026-01-25T08:00 assigned',
  '2026-01-30T08:00 assigned',
  '2027-01-30T08:00 assigned',
];

/** Returns the virtual minutes at which a certificate was issued to the meter, and the service that issued it. */
function registrationsIn(run: Run): readonly string[] {
  return run.history.flatMap((event) =>
    event.kind === 'deed' && /writes to stdout: (registered|renewed)/.test(event.sentence)
      ? [`${new Date(event.at).toISOString().slice(0, 16)} ${event.sentence.includes('renewed') ? 'hub' : 'DPS'}`]
      : [],
  );
}

function lacksPaho(): boolean {
  if (spawnSync('python3', ['-c', 'import paho.mqtt.client']).status === 0) return false;
  if (process.env['CI']) throw new Error('CI lacks paho-mqtt for Python');
  process.stderr.write('skipped: paho-mqtt for Python is not installed; run: node scripts/setup.mjs --test\n');
  return true;
}

function lacksPahoForC(): boolean {
  const check = spawnSync('cc', ['-E', '-'], { input: '#include <MQTTClient.h>\n' });
  if (check.status === 0) return false;
  if (process.env['CI']) throw new Error('CI lacks libpaho-mqtt-dev');
  process.stderr.write('skipped: libpaho-mqtt-dev is not installed\n');
  return true;
}

describe('an example program runs for a virtual year, beyond the expiry of its first certificate:', () => {
  test.skipIf(missingFor('curl', 'mosquitto_pub').length > 0)(
    'shell with curl and mosquitto_pub',
    { timeout: limitMs },
    async () => {
      const run = await playProgramFile('examples/firmware/shell/year.yaml');
      expect(run.verdict).toEqual(passed);
      expect(minutesOf(run)).toEqual(replaced);
    },
  );

  test('the simulated device, with the timeline and the expectations of the programs', async () => {
    const run = await playProgramFile('examples/firmware/simulated/year.yaml');
    expect(run.verdict).toEqual(passed);
    expect(minutesOf(run)).toEqual([
      '2026-01-05T08:00 assigned',
      '2027-01-05T08:00 refused certificate-valid-now',
      '2027-01-05T08:00 assigned',
      '2027-01-05T08:00 assigned',
      '2027-01-06T02:00 assigned',
      '2027-01-06T08:00 assigned',
    ]);
  });

  test.skipIf(missingFor('curl', 'openssl').length > 0)(
    'shell with curl over HTTPS',
    { timeout: limitMs },
    async () => {
      const run = await playProgramFile('examples/firmware/curl/year.yaml');
      expect(run.verdict).toEqual(passed);
      expect(minutesOf(run)).toEqual(issued);
      expect(registrationsIn(run)).toEqual(['2026-01-05T08:00 DPS', '2026-01-25T08:00 DPS', '2027-01-30T08:00 DPS']);
    },
  );

  test.skipIf(missingFor('python3', 'openssl').length > 0 || lacksPaho())(
    'Python with paho',
    { timeout: limitMs },
    async () => {
      const run = await playProgramFile('examples/firmware/python/year.yaml');
      expect(run.verdict).toEqual(passed);
      expect(minutesOf(run)).toEqual(issued);
      expect(registrationsIn(run)).toEqual(['2026-01-05T08:00 DPS', '2026-01-25T08:01 hub', '2027-01-30T08:00 DPS']);
    },
  );

  test.skipIf(missingFor().length > 0)('Node with the SDK of Microsoft', { timeout: limitMs }, async () => {
    const run = await playProgramFile('examples/firmware/node/year.yaml');
    expect(run.verdict).toEqual(passed);
    expect(minutesOf(run)).toEqual(replaced);
  });

  test.skipIf(missingFor().length > 0 || lacksPahoForC())('C with paho', { timeout: limitMs }, async () => {
    const folder = 'examples/firmware/c';
    mkdirSync(join(folder, 'build'), { recursive: true });
    execFileSync('cc', ['-o', join(folder, 'build/meter'), join(folder, 'meter.c'), '-lpaho-mqtt3cs']);
    const run = await playProgramFile(`${folder}/year.yaml`);
    expect(run.verdict).toEqual(passed);
    expect(minutesOf(run)).toEqual(replaced);
  });
});

test.skipIf(missingFor('python3').length > 0)(
  'a scenario that was not written for a program detects after 24.8 days that the program has a 32-bit millisecond counter',
  { timeout: limitMs },
  async () => {
    const overflow = await playProgramFile('examples/firmware/timer/overflow.yaml');
    expect(overflow.verdict.kind).toBe('fail');
    expect(overflow.registrations.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      at: expect.stringMatching(/^2026-01-31T08:00/),
      telemetry: 'none',
      sentence: expect.stringMatching(
        /^its program runs, but no hub has accepted its telemetry within 1 day \(`visits: P1D`\); a hub accepted its last telemetry at 2026-01-(29|30) \d\d:\d\d UTC$/,
      ),
    });
    expect((await playProgramFile('examples/firmware/timer/fixed.yaml')).verdict.kind).toBe('pass');
  },
);
