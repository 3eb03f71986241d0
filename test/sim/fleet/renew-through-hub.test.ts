import { describe, expect, test } from 'vitest';
import { fleetText } from '../../../core/history/fleet-text.ts';
import { playText } from '../play.ts';
import { differencesIn, fleetsIn } from './fleets-in.ts';

interface Words {
  readonly attestation?: string;
  readonly device?: string;
  readonly renewal?: string;
  readonly cloud?: string;
  readonly time?: string;
  /** Steps after the first start. */
  readonly afterwards?: string;
}

/** A fleet whose devices get certificates from DPS and renew them through their hubs. */
const meters = ({
  attestation = 'symmetricKey',
  device = '',
  renewal = 'at: 0.8, retry: P1D',
  cloud = '',
  time = 'P70D',
  afterwards = '',
}: Words = {}) => `
title: A fleet renews through its hub
pki: { ca: { validity: P20Y } }
cloud:
  quotas: { registrationsPerMinute: 20 }
  credentialPolicies: { month: { validityDays: 30 } }
  enrollmentGroups: { meters: { ${attestation === 'x509' ? 'x509: { ca: ca }' : 'symmetricKey: true'}, credentialPolicy: month } }
${cloud}
devices:
  meter:
    { attestation: ${attestation}, credential: issued-by-dps, count: 30, fleet: { samples: 2, starts: PT6H }${device}, renewal: { from: hub, ${renewal} } }
timeline:
  - ${attestation === 'x509' ? 'issue-certificate: { device: meter, from: ca, validity: P10Y }' : 'install-key: { device: meter, from: derived, group: meters }'}
  - power-on: meter
${afterwards}
  - run-in-field: { device: meter, for: ${time}, visits: P1D }
    expect: { attempts: ">= 0" }
`;

/** A fleet under an external CA that expires in the second part of its time in the field. */
const underExternalCa = (then: string): string => `
title: The CA of a fleet expires
pki: { plant-root: { validity: P20Y } }
devices:
  meter:
    { attestation: x509, credential: issued-by-dps, count: 10, fleet: { samples: 2 }, renewal: { from: hub, at: 0.8, retry: P10D } }
cloud: { enrollmentGroups: { meters: { x509: { ca: plant-root }, namespaceName: plant, certificatePolicyName: monthly } } }
timeline:
  - create-certificate-authority: { name: plant-ca, namespace: plant, issuer: external }
  - create-certificate-policy: { name: monthly, authority: plant-ca, namespace: plant }
  - activate-certificate-authority: { name: plant-ca, namespace: plant, signedBy: plant-root, validity: P14M }
    expect: { done: true }
  - sync-credentials: plant
  - issue-certificate: { device: meter, from: plant-root, validity: P10Y }
    after: P1D
  - power-on: meter
  - run-in-field: { device: meter, for: P12M, visits: P5D }
${then}
  - run-in-field: { device: meter, for: P3M, visits: P5D }
`;

test('a fleet that renews through its hub sends DPS no request after its first start', async () => {
  const [run] = await playText(meters({ time: 'P1Y' }));
  const [start, field] = fleetsIn(run);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
  expect(start?.requests).toBe(30);
  expect(field).toMatchObject({ requests: 0, outcomes: { assigned: 30 } });
  // 80 % of 30 days is 24 days, and 365 / 24 is 15.2.
  expect(field?.life).toMatchObject({ renewals: 30 * 15, failedRenewals: 0, acceptedVisits: 30 * 366 });
  expect(field && fleetText(field)).toContain('; 450 certificate renewals succeeded, 0 failed; ');
});

describe('a simulated fleet that renews through its hub has the same results as its sampled devices with real connections', () => {
  test.each<[string, string, { readonly renews?: boolean; readonly fails?: boolean }]>([
    ['with symmetric keys', meters(), { renews: true, fails: false }],
    ['with certificates', meters({ attestation: 'x509' }), { renews: true, fails: false }],
    ['over AMQP', meters({ device: ', transport: amqp' }), { renews: true, fails: false }],
    [
      'that register at every visit, and so get a new certificate each time',
      meters({ device: ', boot: always-register', time: 'P7D' }),
      { renews: false },
    ],
    [
      'that overwrite the old certificate',
      meters({ renewal: 'at: 0.8, retry: P1D, keepsOld: false' }),
      { renews: true, fails: false },
    ],
    ['and two hubs', meters({ cloud: '  hubs: [hub-eu, hub-us]' }), { renews: true, fails: false }],
    ['with a hub that issues at once', meters({ cloud: '  issuance: PT0S' }), { renews: true, fails: false }],
    ['with a hub that issues after an hour', meters({ cloud: '  issuance: PT1H' }), { renews: true, fails: false }],
    ['with a hub that issues too late', meters({ cloud: '  issuance: PT13H' }), { renews: false, fails: true }],
    ['that start for the first time in the field', meters().replace('  - power-on: meter\n', ''), { renews: true }],
    [
      'with a group that is disabled after the first start',
      meters({ afterwards: '  - disable-enrollment: { group: meters }' }),
      { renews: true, fails: false },
    ],
    [
      'with a policy that is deleted',
      meters({ afterwards: '  - delete-certificate-policy: month' }),
      { renews: false, fails: true },
    ],
    ['with an external CA that expires', underExternalCa(''), { renews: true, fails: true }],
    [
      'with an external CA that was renewed and synchronised',
      underExternalCa(
        '  - activate-certificate-authority: { name: plant-ca, namespace: plant, signedBy: plant-root, validity: P3Y }\n  - sync-credentials: plant',
      ),
      { renews: true, fails: false },
    ],
    [
      'with an external CA that was renewed, but not synchronised',
      underExternalCa(
        '  - activate-certificate-authority: { name: plant-ca, namespace: plant, signedBy: plant-root, validity: P3Y }',
      ),
      { fails: true },
    ],
    [
      'with an external CA that was not synchronised, and one place for certificates',
      underExternalCa(
        '  - activate-certificate-authority: { name: plant-ca, namespace: plant, signedBy: plant-root, validity: P3Y }',
      ).replace('at: 0.8', 'at: 0.8, keepsOld: false'),
      { renews: true },
    ],
  ])('devices %s', async (_, text, { renews, fails }) => {
    const [run] = await playText(text);
    expect(differencesIn(run)).toEqual([]);
    for (const { calibration } of fleetsIn(run)) expect(calibration.compared).toBeGreaterThanOrEqual(2);
    const lives = fleetsIn(run).flatMap(({ life }) => life ?? []);
    const sum = (word: 'renewals' | 'failedRenewals') => lives.reduce((total, life) => total + life[word], 0);
    if (renews !== undefined) expect(sum('renewals') > 0).toBe(renews);
    if (fails !== undefined) expect(sum('failedRenewals') > 0).toBe(fails);
  });
});
