import { describe, expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import { playText } from '../play.ts';

const head = `
title: A station
pki: { factory-ca: {} }
cloud:
  enrollmentGroups: { sensors: { symmetricKey: true }, thermostats: { x509: { ca: factory-ca } } }
devices:
  sensor: { attestation: symmetricKey }
  thermostat: { attestation: x509 }
`;

describe('a station', () => {
  test('dates certificates with its own clock', async () => {
    const [run] = await playText(`${head}
stations: { ahead: { clockOffset: P1Y }, right: {} }
timeline:
  - issue-certificate: { device: thermostat, from: factory-ca }
    at: ahead
  - power-on: thermostat
    after: P1M
    expect: { refused: certificate-valid-now }
  - issue-certificate: { device: thermostat, from: factory-ca }
    at: right
    expect: { done: true }
  - power-on: thermostat
    expect: { assigned: hub-eu }
`);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });

  test.each([
    ['offline', '{ online: false }', 'refused: station-online'],
    ['online', '{}', 'done: true'],
    ['offline with the key', '{ online: false, holds: { groups: [sensors] } }', 'done: true'],
  ])(
    'that is %s does a step if it has the key or a network, and otherwise skips the step',
    async (_name, station, outcome) => {
      const [run] = await playText(`${head}
stations: { desk: ${station} }
timeline:
  - install-key: { device: sensor, from: derived, group: sensors }
    at: desk
    expect: { ${outcome} }
  - power-on: sensor
    expect: { ${outcome === 'done: true' ? 'assigned: hub-eu' : 'refused: credential-present'} }
`);
      expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    },
  );

  test('without a network cannot enroll, and a device that starts there cannot reach DPS', async () => {
    const [run] = await playText(`${head}
stations: { floor: { online: false, party: contract-manufacturer } }
timeline:
  - enroll: sensor
    at: floor
    expect: { refused: station-online }
  - power-on: sensor
    at: floor
    expect: { refused: station-online }
`);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    expect(run?.registrations).toEqual([]);
  });

  describe('that uses a vendor', () => {
    const vendor = head
      .replace('pki: {', 'pki: { vendor-ca: { kind: third-party },')
      .replace('x509: { ca: factory-ca }', 'x509: { ca: vendor-ca }');
    const order = 'order-batch: { device: thermostat, from: vendor-ca, as: safe }';
    const offline = '{ online: false }';

    test.each([
      ['request-certificate: { device: thermostat, from: vendor-ca }', offline, 'refused: station-online'],
      ['request-certificate: { device: thermostat, from: vendor-ca }', '{}', 'done: true'],
      [order, offline, 'refused: station-online'],
      [order, '{}', 'done: true'],
    ])('needs a network for the step `%s` (station: %s)', async (step, station, outcome) => {
      const [run] = await playText(`${vendor}
stations: { desk: ${station} }
timeline:
  - ${step}
    at: desk
    expect: { ${outcome} }
`);
      expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
      expect(afarOf(run)).toEqual(['the vendor of vendor-ca']);
    });

    test.each([
      [offline, 'refused: station-online', 'refused: credential-present', ['the store safe']],
      ['{}', 'done: true', 'assigned: hub-eu', ['the store safe']],
      ['{ online: false, holds: { batches: [safe] } }', 'done: true', 'assigned: hub-eu', []],
    ])(
      'needs a network or its own copy of a batch to install a certificate from the batch (station: %s)',
      async (station, outcome, later, afar) => {
        const [run] = await playText(`${vendor}
stations: { floor: ${station} }
timeline:
  - ${order}
  - install-from-batch: { device: thermostat, batch: safe }
    at: floor
    expect: { ${outcome} }
  - power-on: thermostat
    expect: { ${later} }
`);
        expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
        expect(afarOf(run)).toEqual(afar);
      },
    );

    test('cannot hold a batch that was never ordered', async () => {
      await expect(
        playText(`${vendor}
stations: { floor: { holds: { batches: [save] } } }
timeline:
  - ${order}
  - power-on: thermostat
    expect: { assigned: hub-eu }
`),
      ).rejects.toThrow('no batch that was ordered before is called "save"; did you mean "safe"?');
    });

    test('needs no network for a self-signed certificate', async () => {
      const [run] = await playText(`${vendor}
stations: { floor: ${offline} }
timeline:
  - request-certificate: thermostat
    at: floor
  - extract-certificate: thermostat
  - enroll: thermostat
  - power-on: thermostat
    expect: { assigned: hub-eu }
`);
      expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    });
  });

  test('is recorded in the history with its organisation as the actor of its steps', async () => {
    const [run] = await playText(`${head}
stations: { floor: { party: contract-manufacturer } }
timeline:
  - flash-config: sensor
    at: floor
    expect: { refused: station-online }
`);
    expect(run?.history.find(({ kind }) => kind === 'deed')).toMatchObject({
      party: 'contract-manufacturer',
      station: 'floor',
      subject: 'sensor',
    });
    // The step checks nothing, so its expectation of a failed check is not met.
    expect(run?.verdict.kind).toBe('fail');
  });

  test('that does not exist is reported with a suggestion', async () => {
    await expect(
      playText(`${head}
stations: { floor: {} }
timeline:
  - flash-config: sensor
    at: flor
`),
    ).rejects.toThrow('no station is called "flor"; did you mean "floor"?');
  });
});

/** Returns what the stations of a run reached over the network: remote parties, and stores with batches of keys or certificates. */
function afarOf(run: Run | undefined): readonly string[] {
  return (run?.history ?? []).flatMap((event) => (event.kind === 'asked-afar' ? [event.what] : []));
}
