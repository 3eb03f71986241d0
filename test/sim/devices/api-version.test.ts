import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (words: string, expected = '{ assigned: hub-eu, attempts: 1 }'): string => `
title: A device uses an API version of DPS
cloud: { credentialPolicies: { weekly: { validityDays: 7 } } }
devices:
  it: { attestation: symmetricKey, ${words} }
timeline:
  - enroll: { device: it, credentialPolicy: weekly }
  - install-key: it
  - power-on: it
    expect: ${expected}
`;

const later = ['2017-11-15', '2019-03-31', '2021-10-01', '2025-07-01-preview', '2026-11-01', '2026-11-02-preview'];
const issuing = ['2025-07-01-preview', '2026-04-01', '2026-11-01', '2026-11-02-preview'];

describe.each(['mqtt', 'https', 'amqp'])('a simulated device over %s', (transport) => {
  test.each(later)('registers under the API version %s of its device entry', async (version) => {
    const [run] = await playText(scenario(`transport: ${transport}, apiVersion: ${version}`));
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });
});

describe.each(['mqtt', 'https'])('a simulated device over %s', (transport) => {
  test.each(issuing)('gets a certificate from DPS under the API version %s', async (version) => {
    const words = `transport: ${transport}, credential: issued-by-dps, apiVersion: ${version}`;
    const [run] = await playText(scenario(words));
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  });

  test('gets no certificate from DPS under an API version without signing requests', async () => {
    const words = `transport: ${transport}, credential: issued-by-dps, retry: none, apiVersion: 2021-10-01`;
    const [run] = await playText(scenario(words));
    expect(run?.verdict.kind).toBe('fail');
    expect(JSON.stringify(run?.history)).toContain('sent no certificate');
  });
});

test('the requests of a simulated device contain the API version of its device entry', async () => {
  const [run] = await playText(scenario('transport: https, apiVersion: 2026-11-02-preview'));
  const history = JSON.stringify(run?.history);
  expect(history).toContain('api-version=2026-11-02-preview');
  expect(history).not.toContain('api-version=2019-03-31');
});

test.each([
  ['2017-08-31-preview', '2017-08-31-preview'],
  ['2027-01-01', '2027-01-01'],
])('the check of a scenario file rejects `apiVersion: %s`', async (version, found) => {
  await expect(playText(scenario(`apiVersion: ${version}`))).rejects.toThrow(found);
});

test('the check of a scenario file rejects a fleet that has an `apiVersion`', async () => {
  const words = 'count: 2000, fleet: {}, apiVersion: 2026-11-01';
  await expect(playText(scenario(words))).rejects.toThrow('remove `apiVersion`');
});
