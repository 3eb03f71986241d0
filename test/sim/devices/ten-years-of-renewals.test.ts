import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = `
title: A meter renews a certificate of thirty days for ten years
cloud: { credentialPolicies: { monthly: { validityDays: 30 } } }
devices: { meter: { attestation: x509, credential: issued-by-dps, renewal: { from: hub, at: 0.8 } } }
timeline:
  - issue-certificate: { device: meter, validity: P20Y }
  - enroll: { device: meter, credentialPolicy: monthly }
  - power-on: meter
  - run-in-field: { device: meter, for: P10Y, visits: P2D }
    expect: { assigned: true }
`;

test('ten years of renewals through the hub need 150 certificates, sixteen of them over connections, and a history below 5 MB', async () => {
  const [run] = await playText(scenario);
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
