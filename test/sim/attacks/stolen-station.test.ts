import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** Builds two locks at a station, takes its computer before the shift and after it, and calls in the name of each device. */
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

/** How each call of the attacker ended, in the order of the timeline: let in, or the check that kept him out. */
async function calls(station: string): Promise<readonly string[]> {
  const [run] = await playText(textOf(station));
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  return run?.registrations.map(({ outcome, check }) => check ?? outcome) ?? [];
}

describe('whoever steals a station', () => {
  test('that holds the key of a CA is every device, before one is built and after', async () => {
    const all = await calls('{ online: false, holds: { cas: [ca] } }');
    expect(all).toEqual(['assigned', 'assigned', 'assigned', 'assigned']);
  });

  test('that keeps copies is what went through until then, each under its own name', async () => {
    const all = await calls('{ keepsCopies: true }');
    expect(all).toEqual(['credential-present', 'assigned', 'assigned', 'common-name-matches']);
  });

  test('that asks and wipes is nobody', async () => {
    const all = await calls('{}');
    expect(all).toEqual(Array.from({ length: 4 }, () => 'credential-present'));
  });

  test('where a batch lies is each device that has not had its certificate yet', async () => {
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
