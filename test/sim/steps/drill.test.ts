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

test('a run contains the result of the step `drill`, and fails with the actual times if the expected times are wrong', async () => {
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
  // In each of three observations, the attacker makes one attempt at the hub and one at DPS.
  expect(run?.registrations.filter(({ device }) => device === 'attacker as lock-1')).toHaveLength(6);
});

test('the step `roll-key` without a device or a group is a mistake of the file', async () => {
  const drill = '{ device: lock-1, with: dump, for: PT0S }';
  const played = playText(scenario('roll-key: {}', drill, '{ outOfHub: never, hurt: 0 }'));
  await expect(played).rejects.toThrow('neither `device` nor `group` is given');
});

test('the step `drill` shows that an attacker with the primary key keeps hub access after the secondary key is rolled', async () => {
  const drill = '{ device: lock-1, with: dump, for: PT0S }';
  const defence = 'roll-key: { device: lock-1, at: hub, slot: secondary }';
  // The attacker has the primary key, so rolling the secondary key does not stop the attacker.
  const [run] = await playText(scenario(defence, drill, '{ outOfHub: never, hurt: 0 }'));
  expect(run?.verdict.kind).toBe('pass');
});

test('a run fails if the step `drill` would try the logins of the attacker too often', async () => {
  const drill = '{ device: lock-1, with: dump, every: PT1S, for: P30D }';
  const [run] = await playText(scenario('disable-enrollment: lock-1', drill, '{ hurt: 0 }'));
  expect(run?.verdict.reason).toContain('give a longer `every`');
});
