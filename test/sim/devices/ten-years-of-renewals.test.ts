import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const meter = (from: 'hub' | 'dps'): string => `
title: A meter renews a certificate of thirty days for ten years
cloud: { credentialPolicies: { monthly: { validityDays: 30 } } }
devices: { meter: { attestation: x509, credential: issued-by-dps, renewal: { from: ${from}, at: 0.8 } } }
timeline:
  - issue-certificate: { device: meter, validity: P20Y }
  - enroll: { device: meter, credentialPolicy: monthly }
  - power-on: meter
  - run-in-field: { device: meter, for: P10Y, visits: P2D }
    expect: { assigned: true }
`;

test('ten years of renewals from DPS need 150 certificates, a tenth of them over connections, and a history below 5 MB', async () => {
  const [run] = await playText(meter('dps'));
  expect(run?.verdict.kind).toBe('pass');
  const sentences = run?.history.flatMap((event) => (event.kind === 'deed' ? [event.sentence] : [])) ?? [];
  const overConnections = sentences.filter((sentence) => sentence === 'its certificate is renewed').length;
  const all = sentences.filter((sentence) => sentence.startsWith('its certificate is renewed')).length;
  expect(all).toBeGreaterThanOrEqual(145);
  expect(all).toBeLessThanOrEqual(155);
  // The first renewal and each tenth after it.
  expect(overConnections).toBe(Math.ceil(all / 10));
  expect(JSON.stringify(run).length).toBeLessThan(5e6);
});

test('ten years of renewals through the hub need 150 certificates, sixteen of them over connections, and a history below 5 MB', async () => {
  const [run] = await playText(meter('hub'));
  expect(run?.verdict.kind).toBe('pass');
  const events = run?.history ?? [];
  const issuances = events.filter(
    (event) => event.kind === 'decision' && event.about.startsWith('certificate issuance'),
  );
  expect(issuances.length).toBeGreaterThanOrEqual(145);
  expect(issuances.length).toBeLessThanOrEqual(155);
  const isAnswer = (message: string, status: number) => message.includes(`$iothub/credentials/res/${status}/`);
  const wires = events.flatMap((event) => (event.kind === 'wire' ? [event.message] : []));
  const overConnections = wires.filter((message) => isAnswer(message, 200)).length;
  // The first renewal and each tenth after it.
  expect(overConnections).toBe(Math.ceil(issuances.length / 10));
  expect(wires.filter((message) => isAnswer(message, 202))).toHaveLength(overConnections);
  const hellos = events.filter(({ kind }) => kind === 'client-hello').length;
  // Each such renewal makes two connections. The other connections are at the first start, with DPS and the hub, and each hundredth visit.
  expect(hellos - 2 * overConnections).toBeLessThanOrEqual(6 + 1830 / 100);
  expect(JSON.stringify(run).length).toBeLessThan(5e6);
});
