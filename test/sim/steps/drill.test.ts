import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (defence: string, drill: string, expected: string): string => `
title: A lock is stolen
devices:
  lock: { attestation: symmetricKey, count: 2 }
timeline:
  - enroll: lock
  - install-key: lock
  - power-on: lock
  - steal-key: { device: lock-1, as: dump }
  - ${defence}
    after: P1D
  - drill: ${drill}
    expect: ${expected}
`;

test('what a drill measured is in the run, and a wrong time fails with the right one', async () => {
  const drill = '{ device: lock-1, with: dump, honest: [lock, lock-2], every: PT2H, for: PT4H }';
  const [run] = await playText(
    scenario('disable-enrollment: lock-1', drill, '{ outOfDps: never, outOfHub: PT0S, hurt: 1 }'),
  );
  expect(run?.drills).toEqual([
    {
      loot: 'dump',
      registrationId: 'lock-1',
      every: 'PT2H',
      watched: 'PT4H',
      outOfDps: 'PT0S',
      outOfHub: 'never',
      honest: ['lock-1', 'lock-2'],
      hurt: [],
    },
  ]);
  expect(run?.stepVerdicts[0]?.reason).toBe(
    'outOfDps: expected never, actual PT0S; outOfHub: expected PT0S, actual never; hurt: expected 1, actual 0',
  );
  // Three looks, each at two doors: nobody waits to be locked out.
  expect(run?.registrations.filter(({ device }) => device === 'attacker as lock-1')).toHaveLength(6);
});

test.each([
  ['roll-key: {}', 'roll-key needs either device or group'],
  ['roll-key: { device: lock-1, at: hub, slot: secondary }', undefined],
])('%s', async (defence, problem) => {
  const drill = '{ device: lock-1, with: dump, for: PT0S }';
  // A key at the hub that is not the one that leaked is no loss to the thief.
  const [run] = await playText(scenario(defence, drill, '{ outOfHub: never, hurt: 0 }'));
  expect(run?.verdict.kind).toBe(problem === undefined ? 'pass' : 'fail');
  if (problem !== undefined) expect(run?.verdict.reason).toContain(problem);
});

test('a drill of too many looks is told as a mistake', async () => {
  const drill = '{ device: lock-1, with: dump, every: PT1S, for: P30D }';
  const [run] = await playText(scenario('disable-enrollment: lock-1', drill, '{ hurt: 0 }'));
  expect(run?.verdict.reason).toContain('look less often');
});
