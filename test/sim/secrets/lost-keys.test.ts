import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { secretHoldings } from '../../../core/findings/secrets.ts';
import { attempt } from '../../../sim/devices/attempt.ts';
import type { Device } from '../../../sim/devices/device.ts';
import { hsmMissing, tpmKeysMissing } from '../key-stores/parts-present.ts';
import { playWorld } from '../key-stores/play-world.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const timelines = {
  tpm: '[extract-ek: it, enroll: it, { power-on: it, expect: { assigned: true } }]',
  x509: '[issue-certificate: it, enroll: it, { power-on: it, expect: { assigned: true } }]',
  symmetricKey: '[enroll: it, install-key: it, { power-on: it, expect: { assigned: true } }]',
};

const stores = [
  ['tpm', 'tpm', 'https', swtpmMissing],
  ['tpm', 'tpm', 'amqp', swtpmMissing],
  ['x509', 'image', 'mqtt', false],
  ['x509', 'file', 'mqtt', false],
  ['x509', 'tee', 'https', false],
  ['x509', 'hsm', 'mqtt', hsmMissing],
  ['x509', 'tpm', 'mqtt', tpmKeysMissing],
  ['symmetricKey', 'file', 'amqp', false],
  ['symmetricKey', 'tee', 'mqtt', false],
  ['symmetricKey', 'hsm', 'mqtt', hsmMissing],
  ['symmetricKey', 'tpm', 'https', tpmKeysMissing],
] as const;

const scenario = (attestation: keyof typeof timelines, keyStore: string, transport: string): string => `
title: A device loses its keys
devices: { it: { attestation: ${attestation}, keyStore: ${keyStore}, transport: ${transport} } }
timeline: ${timelines[attestation]}
`;

/** Returns the names of the secrets that are in the device at the end of a history. */
const inDevice = (history: readonly HistoryEvent[]): readonly string[] =>
  secretHoldings(history)
    .filter(({ place, to }) => place === 'it' && to === null)
    .map(({ secret }) => secret);

async function afterLoss(
  [attestation, keyStore, transport]: readonly [keyof typeof timelines, string, string, ...unknown[]],
  lose: (device: Device) => Promise<void>,
  sabotage?: 'credential-present',
) {
  let before: readonly string[] = [];
  const { found, history } = await playWorld(
    scenario(attestation, keyStore, transport),
    async (world) => {
      const [device] = world.devices.select('it');
      if (device === undefined) throw new Error('the scenario has no device');
      before = inDevice(world.history.events());
      await lose(device);
      return world.clock.run(() => attempt(device, 'register', world.network));
    },
    sabotage,
  );
  return { before, after: inDevice(history), end: found, history };
}

const failedChecks = (history: readonly HistoryEvent[]): readonly string[] =>
  history.flatMap((event) =>
    event.kind === 'decision' ? event.checks.filter(({ passed }) => !passed).map(({ check }) => check) : [],
  );

describe.each(stores)('a device that attests by %s with a destroyed key store %s, over %s', (...row) => {
  const missing = row[3];

  test.skipIf(missing)('holds no secret, and its attempt fails the check `credential-present`', async () => {
    const { before, after, end, history } = await afterLoss(row, (device) => device.loseKeyStore());
    expect(before.length).toBeGreaterThan(0);
    expect(after).toEqual([]);
    expect(end).toMatchObject({ outcome: 'refused', telemetry: 'none' });
    expect(failedChecks(history)).toEqual(['credential-present']);
  });

  test.skipIf(missing)('is rejected by the service if `credential-present` is disabled', async () => {
    const { end, history } = await afterLoss(row, (device) => device.loseKeyStore(), 'credential-present');
    expect(end).toMatchObject({ outcome: 'refused', telemetry: 'none' });
    expect(failedChecks(history).length).toBeGreaterThan(0);
  });

  test.skipIf(missing)('does not connect to its last hub', async () => {
    const { found } = await playWorld(scenario(row[0], row[1], row[2]), async (world) => {
      const [device] = world.devices.select('it');
      await device?.loseKeyStore();
      return world.clock.run(async () => device && attempt(device, 'connect', world.network));
    });
    expect(found).toMatchObject({ outcome: 'refused', telemetry: 'none' });
  });
});

test.skipIf(swtpmMissing).each([undefined, 'credential-present'] as const)(
  'a device that lost its TPM connects to no hub (disabled check: %s)',
  async (sabotage) => {
    const lost = await afterLoss(['tpm', 'tpm', 'https'], (device) => device.loseTpm(), sabotage);
    expect(lost.before).toEqual(['endorsement seed of it', 'hub key of it at hub-eu.azure-devices.net']);
    expect(lost.after).toEqual([]);
    expect(lost.end).toMatchObject({ outcome: 'refused' });
  },
);

test.skipIf(swtpmMissing)(
  'a device that lost its TPM before the first start has its device name as registration ID',
  async () => {
    const { found } = await playWorld(
      `
title: A TPM breaks in the box
devices:
  it: { attestation: tpm, registrationId: from-endorsement-key }
  empty: { attestation: symmetricKey }
timeline:
  - connect: empty
    expect: { telemetry: none }
`,
      async (world) => {
        const [device] = world.devices.select('it');
        await device?.loseTpm();
        return device?.registrationId;
      },
    );
    expect(found).toBe('it');
  },
);

test.skipIf(tpmKeysMissing)('a TPM clear destroys the key of a certificate that DPS issued', async () => {
  const { history } = await playWorld(
    `
title: A cleared TPM
cloud: { credentialPolicies: { day: {} } }
devices: { it: { attestation: x509, keyStore: tpm, credential: issued-by-dps } }
timeline:
  - issue-certificate: it
  - enroll: { device: it, credentialPolicy: day }
  - power-on: it
    expect: { assigned: true }
  - clear-tpm: it
`,
    async () => undefined,
  );
  expect(inDevice(history)).toEqual(['endorsement seed of it']);
});
