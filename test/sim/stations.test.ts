import { describe, expect, test } from 'vitest';
import { playText } from './play.ts';

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
  test('dates what it makes by its own clock', async () => {
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
  ])('%s either has what it needs or leaves the deed undone', async (_name, station, outcome) => {
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
  });

  test('offline, it cannot enroll, and a device that is switched on there finds no service', async () => {
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

  test('says who works there', async () => {
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
    // Nothing was decided there, and that is no pass.
    expect(run?.verdict.kind).toBe('fail');
  });

  test('that does not exist is found by its place', async () => {
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
