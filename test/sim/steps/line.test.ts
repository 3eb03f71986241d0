import { describe, expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import { verifyAudit } from '../../../core/audit/verify.ts';
import { playText } from '../play.ts';

/** Returns a scenario with a production line of three stations for eight devices, and the given steps at the second station. */
function line(steps: readonly string[], expectation: string, more = ''): string {
  return `
title: A line
pki: { factory-ca: {} }
cloud:
  enrollmentGroups: { sensors: { x509: { ca: factory-ca } } }
stations:
  smt: { party: contract-manufacturer, online: false }
  flash: { party: contract-manufacturer, holds: { cas: [factory-ca] }, online: false }
  dock: { party: warehouse, online: false }
devices:
  sensor: { attestation: x509, count: 8 }
timeline:
  - produce:
      device: sensor
      takt: PT1M
      audit: flash
      ${more}
      route:
        - { at: smt }
        - at: flash
          do:
${steps.map((step) => `            - ${step}`).join('\n')}
        - at: dock
          do:
            - package:
    expect: ${expectation}
`;
}

const certificate = 'issue-certificate: { from: factory-ca, validity: P2Y }';
const check = 'quality-check: { shelfLife: P1Y }';

async function play(text: string, seed?: string): Promise<Run> {
  const [run] = await playText(text, seed);
  if (run === undefined) throw new Error('no scenario was run');
  return run;
}

describe('a production line', () => {
  test('reports its speed, its units, and the stations and companies that could read secrets', async () => {
    const run = await play(line([certificate, check], '{ done: true, shipped: 8, caught: {} }'));
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run.lines).toEqual([
      {
        product: 'sensor',
        step: 0,
        stations: ['smt', 'flash', 'dock'],
        ordered: 8,
        built: 8,
        fates: { shipped: 8, unpacked: 0, scrapped: 0, rejected: 0, 'off-the-books': 0 },
        catches: {},
        startedAt: '2026-01-05T08:00:00.000Z',
        // The last of eight units leaves the third station in the tenth minute.
        endedAt: '2026-01-05T08:10:00.000Z',
        perHour: 48,
        yield: 1,
        online: [],
      },
    ]);
    const third = run.secrets.filter(({ secret }) => secret === 'private key of sensor-3');
    expect(third).toEqual([
      {
        secret: 'private key of sensor-3',
        sort: 'private-key',
        party: 'contract-manufacturer',
        place: 'flash',
        from: '2026-01-05T08:03:00.000Z',
        to: '2026-01-05T08:03:00.000Z',
        flag: 'needless',
      },
      {
        secret: 'private key of sensor-3',
        sort: 'private-key',
        party: 'device',
        place: 'sensor-3',
        from: '2026-01-05T08:03:00.000Z',
        to: null,
      },
    ]);
  });

  test('has no access to a key that is made inside a unit', async () => {
    const text = line([certificate, check], '{ shipped: 8 }');
    const run = await play(text.replace('attestation: x509,', 'attestation: x509, keyStore: tee,'));
    expect(run.verdict.kind).toBe('pass');
    const third = run.secrets.filter(({ secret }) => secret === 'private key of sensor-3');
    expect(third.map(({ party, place }) => [party, place])).toEqual([['device', 'sensor-3']]);
  });

  test.each([
    ['no certificate at all', [check], 'credential-present', 8],
    [
      'no configuration',
      [certificate, '{ flash-config: { idScope: null }, only: [sensor-2] }', check],
      'client-configured',
      1,
    ],
    [
      'the ID scope of another service',
      [certificate, '{ flash-config: { idScope: 0neFFFFFFFF }, only: [sensor-2, sensor-5] }', check],
      'configuration-as-ordered',
      2,
    ],
    [
      'the endpoint of another service',
      [certificate, '{ flash-config: { endpoint: dps.example }, only: [sensor-2] }', check],
      'configuration-as-ordered',
      1,
    ],
    [
      'the certificate of another unit and their own key',
      [certificate, '{ flash-image: { from: sensor-1, carries: [certificate] }, only: [sensor-4] }', check],
      'key-matches-certificate',
      1,
    ],
    [
      'the name of another unit',
      ['issue-certificate: { from: factory-ca, validity: P2Y, commonName: sensor-1 }', check],
      'common-name-matches',
      7,
    ],
    [
      'the identity of another unit',
      [
        certificate,
        '{ flash-image: { from: sensor-1, carries: [certificate, private-key, registration-id] }, only: [sensor-4, sensor-6] }',
        check,
      ],
      'identity-unique',
      2,
    ],
    [
      'a certificate that expires in the warehouse',
      ['issue-certificate: { from: factory-ca, validity: P90D }', check],
      'shelf-life-covered',
      8,
    ],
  ] as const)('does not ship units with %s', async (_name, steps, found, rejected) => {
    const run = await play(
      line(
        steps,
        `{ refused: ${found}, rejected: ${rejected}, shipped: ${8 - rejected}, caught: { ${found}: ${rejected} } }`,
      ),
    );
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    const packed = run.history.filter((event) => event.kind === 'deed' && event.sentence.includes('packaged'));
    expect(packed).toHaveLength(8 - rejected);
  });

  test('checks dates with the clock of the station, so a station with a wrong clock accepts the dates that it wrote', async () => {
    const wrong = line([certificate, check], '{ shipped: 8 }').replace(
      'online: false }\n  dock',
      'clockOffset: P1Y }\n  dock',
    );
    expect((await play(wrong)).verdict.kind).toBe('pass');
    const second = wrong
      .replace(`            - ${check}\n`, '')
      .replace('            - package:', `            - ${check}\n            - package:`)
      .replace(
        '{ shipped: 8 }',
        '{ refused: certificate-valid-now, caught: { certificate-valid-now: 8 }, shipped: 0 }',
      );
    expect((await play(second)).verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });

  test('scraps boards that the seed selects, and does no later step with scrapped boards', async () => {
    const text = line(['board-test: { yield: 0.5 }', certificate, check], '{ caught: {} }');
    const [one, again, other] = [await play(text, 'a'), await play(text, 'a'), await play(text, 'b')];
    const scrapped = (run: Run): readonly string[] =>
      run.history.flatMap((event) => (event.kind === 'unit' && event.fate === 'scrapped' ? [event.device] : []));
    expect(scrapped(one).length).toBeGreaterThan(0);
    expect(scrapped(one)).toEqual(scrapped(again));
    expect(scrapped(one)).not.toEqual(scrapped(other));
    for (const device of scrapped(one)) {
      expect(one.secrets.some(({ secret }) => secret.endsWith(device))).toBe(false);
    }
  });

  test('builds surplus units that it does not record, and the step `reconcile-audit` reveals their number', async () => {
    const run = await play(
      `${line([certificate, check], '{ shipped: 5, offTheBooks: 3 }', 'ordered: 5')}
  - reconcile-audit: flash
    expect: { refused: audit-matches, overproduced: 3, unaudited: 0, scrappedButEnrolled: 0 }
`,
    );
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });

  test('writes a valid audit trail', async () => {
    const run = await play(line([certificate, check], '{ shipped: 8 }', 'shift: PT3M'));
    const [audit] = run.audits;
    expect(audit?.station).toBe('flash');
    expect(verifyAudit(`${audit?.lines.join('\n')}\n`)).toEqual({ ok: true, entries: 8, shifts: 3, station: 'flash' });
    const entry: Record<string, unknown> = JSON.parse(audit?.lines[1] ?? '');
    expect(entry).toMatchObject({
      device: 'sensor-1',
      registrationId: 'sensor-1',
      party: 'contract-manufacturer',
      station: 'flash',
      at: '2026-01-05T08:01:00.000Z',
      identity: expect.stringMatching(/^certificate sha256:[0-9a-f]{64}$/),
    });
  });

  test('reports the stations that need a network', async () => {
    const online = line([certificate, check], '{ shipped: 8 }').replace(
      'holds: { cas: [factory-ca] }, online: false',
      'online: true',
    );
    expect((await play(online)).lines[0]?.online).toEqual(['flash']);
    const offline = line(
      [certificate, check],
      '{ refused: station-online, caught: { credential-present: 8 } }',
    ).replace('holds: { cas: [factory-ca] }, ', '');
    const run = await play(offline);
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run.lines[0]?.online).toEqual(['flash']);
  });

  test.each([
    [
      '- { at: flash, do: [{ issue-certificate: { from: factory-c } }] }',
      'no CA is called "factory-c"; did you mean "factory-ca"?',
    ],
    ['- { at: flsh }', 'no station is called "flsh"; did you mean "flash"?'],
    ['- { at: flash, do: [{ power-on: {} }] }', 'unknown word "power-on" in produce'],
    ['- { at: flash, do: [{ package: {}, enroll: {} }] }', 'the entry has several steps; give each step its own entry'],
    [
      '- { at: flash, do: [{ package: {}, only: [sensor-9] }] }',
      'no device is called "sensor-9"; did you mean "sensor-1"?',
    ],
  ])('with a mistake is reported at the position of the mistake: %s', async (stop, message) => {
    const text = line([], '{ shipped: 8 }').replace('- { at: smt }', stop).replace('          do:\n\n', '');
    await expect(playText(text)).rejects.toThrow(message);
  });
});

describe('in the field', () => {
  test('a device detects that its key does not match its certificate', async () => {
    const run = await play(`
title: A wrong key
pki: { factory-ca: {} }
cloud: { enrollmentGroups: { sensors: { x509: { ca: factory-ca } } } }
devices: { sensor: { attestation: x509, count: 2 } }
timeline:
  - issue-certificate: { device: sensor, from: factory-ca }
  - flash-image: { device: sensor-2, from: sensor-1, carries: [private-key] }
  - power-on: sensor-1
    expect: { assigned: true }
  - power-on: sensor-2
    expect: { refused: key-matches-certificate, attempts: 0 }
`);
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run.secrets).toContainEqual(
      expect.objectContaining({ secret: 'private key of sensor-1', party: 'device', place: 'sensor-2', to: null }),
    );
  });

  test('if two devices have one registration ID, one device is assigned and the other device is refused', async () => {
    const run = await play(`
title: One identity in two devices
cloud: { enrollmentGroups: { sensors: { symmetricKey: true } } }
devices: { sensor: { attestation: symmetricKey, count: 2 } }
timeline:
  - install-key: { device: sensor, from: derived, group: sensors }
  - flash-image: { device: sensor-2, from: sensor-1, carries: [symmetric-key, registration-id] }
  - power-on: sensor
    expect: { assigned: true }
`);
    expect(run.verdict.kind).toBe('fail');
    expect(run.registrations.map(({ outcome }) => outcome).toSorted()).toEqual(['assigned', 'refused']);
    expect(run.registrations.map(({ registrationId }) => registrationId)).toEqual(['sensor-1', 'sensor-1']);
  });

  test('a fleet does not include scrapped units, but a scrapped unit can be selected by its name', async () => {
    const run = await play(`
title: A scrapped board
devices: { sensor: { attestation: symmetricKey, count: 3 } }
timeline:
  - enroll: sensor
  - install-key: sensor
  - board-test: { device: sensor-2, yield: 0 }
    expect: { refused: board-works }
  - power-on: sensor
    expect: { assigned: true }
  - power-on: sensor-2
    expect: { assigned: true }
`);
    expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run.registrations.map(({ device }) => device)).toEqual(['sensor-1', 'sensor-3', 'sensor-2']);
  });
});
