import { expect, test } from 'vitest';
import { normaliseHistory } from '../../../core/history/normalise-history.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const fleet = `
title: Nine devices of three kinds start on one day
pki: { root: {}, ca: { issuer: root } }
cloud:
  hubs: [hub-eu, hub-us]
  enrollmentGroups: { certified: { x509: { ca: ca } }, keyed: { symmetricKey: true } }
devices:
  gateway: { attestation: tpm, count: 3 }
  thermostat: { attestation: x509, count: 3 }
  sensor: { attestation: symmetricKey, count: 3, transport: https, clockDrift: 20 }
timeline:
  - extract-ek: gateway
  - enroll: gateway
  - issue-certificate: { device: thermostat, from: ca }
  - install-key: { device: sensor, from: derived, group: keyed }
  - package: gateway
  - power-on: gateway
    after: P10M
    expect: { assigned: true }
  - power-on: thermostat
    expect: { assigned: true }
  - power-on: sensor
    expect: { assigned: true }
`;

test.skipIf(swtpmMissing)(
  'the same seed gives one normalised history in twenty runs, and another seed gives another history',
  async () => {
    const histories = new Set<string>();
    for (let play = 0; play < 20; play++) {
      const [run] = await playText(fleet, 'one seed');
      expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
      histories.add(normaliseHistory(run?.history ?? []));
    }
    expect(histories.size).toBe(1);
    const [other] = await playText(fleet, 'another seed');
    expect(histories.has(normaliseHistory(other?.history ?? []))).toBe(false);
  },
  600_000,
);
