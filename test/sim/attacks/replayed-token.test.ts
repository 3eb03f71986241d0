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

test('an overheard token registers, and is no token for the hub', async () => {
  const [run] = await playText(scenario('{ device: sensor, token: true, as: heard }', '{ hub: hub-eu }'));
  expect(run?.verdict.kind).toBe('pass');
  expect(run?.registrations).toMatchObject([
    { device: 'attacker as sensor', outcome: 'refused', assignedHub: 'hub-eu.azure-devices.net', telemetry: 'refused' },
  ]);
});

test('nobody who only heard a token has the device in hand or a key of it', async () => {
  const [run] = await playText(scenario('{ device: sensor, token: true, as: heard }', '{ refused: true }'));
  const held = run?.secrets.filter(({ place }) => place.includes('loot'));
  expect(held).toEqual([]);
});

test.each([
  ['{ device: sensor, as: heard }', 'heard is no token; take one by steal-key with token: true'],
  ['{ device: meter, token: true, as: heard }', /meter attests by x509/],
])('%s cannot be replayed', async (theft, sentence) => {
  const [run] = await playText(scenario(theft, '{ refused: true }'));
  expect(run?.verdict.kind).toBe('fail');
  expect(run?.verdict.reason).toMatch(sentence);
});
