import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (theft: string, expected: string): string => `
title: A token is overheard
devices:
  sensor: { attestation: symmetricKey }
  meter: { attestation: x509 }
keys: [some-key]
timeline:
  - enroll: sensor
  - install-key: sensor
  - package: sensor
  - steal-key: ${theft}
  - replay-token: { device: sensor, with: heard }
    expect: ${expected}
`;

test('DPS accepts a device token that an attacker recorded, and the hub rejects this token', async () => {
  const [run] = await playText(scenario('{ device: sensor, token: true, as: heard }', '{ hub: hub-eu }'));
  expect(run?.verdict.kind).toBe('pass');
  expect(run?.registrations).toMatchObject([
    { device: 'attacker as sensor', outcome: 'refused', assignedHub: 'hub-eu.azure-devices.net', telemetry: 'refused' },
  ]);
});

test('a recorded token gives the attacker no secret of the device', async () => {
  const [run] = await playText(scenario('{ device: sensor, token: true, as: heard }', '{ refused: true }'));
  const held = run?.secrets.filter(({ place }) => place.includes('loot'));
  expect(held).toEqual([]);
});

test.each([
  ['{ device: sensor, as: heard }', 'loot "heard" has the kind symmetric-key, but a token is expected'],
  ['{ device: meter, token: true, as: heard }', /meter attests by x509/],
])(
  'the step `replay-token` rejects the secret that the attacker stole with `steal-key: %s`',
  async (theft, sentence) => {
    const [run] = await playText(scenario(theft, '{ refused: true }'));
    expect(run?.verdict.kind).toBe('fail');
    expect(run?.verdict.reason).toMatch(sentence);
  },
);
