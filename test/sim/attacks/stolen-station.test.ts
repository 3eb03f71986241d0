import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/**
 * A scenario that builds two locks at a station, lets an attacker steal the computer of the station before and after the shift, and lets
 * the attacker register under the name of each device.
 */
const textOf = (station: string): string => `title: Stolen station
pki: { ca: {} }
cloud: { enrollmentGroups: { locks: { x509: { ca: ca } } } }
stations: { bench: ${station} }
devices:
  lock: { attestation: x509, count: 2 }
  never-built: { attestation: x509 }
timeline:
  - steal-key: { station: bench, as: before }
  - produce:
      device: lock
      route:
        - at: bench
          do:
            - issue-certificate: { from: ca }
            - package:
    expect: { shipped: 2 }
  - steal-key: { station: bench, as: after }
  - impersonate: { device: lock-1, with: before }
  - impersonate: { device: lock-1, with: after }
  - impersonate: { device: lock-2, with: after }
  - impersonate: { device: never-built, with: after }
`;

/** Returns the outcome of each attempt of the attacker, in order: `assigned`, or the check that refused it. */
async function attempts(station: string): Promise<readonly string[]> {
  const [run] = await playText(textOf(station));
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  return run?.registrations.map(({ outcome, check }) => check ?? outcome) ?? [];
}

describe('a stolen station (a production computer)', () => {
  test('with the key of a CA can impersonate every device, whether it was built or not', async () => {
    const all = await attempts('{ online: false, holds: { cas: [ca] } }');
    expect(all).toEqual(['assigned', 'assigned', 'assigned', 'assigned']);
  });

  test('with copies of keys can impersonate each device whose key it kept, under the name of that device only', async () => {
    const all = await attempts('{ keepsCopies: true }');
    expect(all).toEqual(['credential-present', 'assigned', 'assigned', 'common-name-matches']);
  });

  test('without keys and copies can impersonate no device', async () => {
    const all = await attempts('{}');
    expect(all).toEqual(Array.from({ length: 4 }, () => 'credential-present'));
  });

  test('with a batch of certificates and keys can impersonate each device whose certificate is not installed yet', async () => {
    const [run] = await playText(`title: A batch on a stolen computer
pki: { vendor-ca: { kind: third-party } }
cloud: { enrollmentGroups: { lamps: { x509: { ca: vendor-ca } } } }
stations:
  store: { holds: { batches: [january] } }
  bench: { holds: { batches: [] } }
devices:
  lamp: { attestation: x509, count: 2 }
timeline:
  - order-batch: { device: lamp, from: vendor-ca, as: january }
  - install-from-batch: { device: lamp-1, batch: january }
    at: store
  - steal-key: { station: store, as: store-computer }
  - steal-key: { station: bench, as: bench-computer }
  - impersonate: { device: lamp-2, with: store-computer }
    expect: { assigned: hub-eu }
  - impersonate: { device: lamp-1, with: store-computer }
    expect: { refused: common-name-matches }
  - impersonate: { device: lamp-2, with: bench-computer }
    expect: { refused: credential-present }
`);
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });
});
