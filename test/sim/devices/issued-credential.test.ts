import { expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { playText } from '../play.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const devices = {
  symmetricKey: '- enroll: { device: it, credentialPolicy: weekly }\n  - install-key: it',
  x509: '- issue-certificate: it\n  - enroll: { device: it, credentialPolicy: weekly }',
  tpm: '- extract-ek: it\n  - enroll: { device: it, credentialPolicy: weekly }',
} as const;

const scenario = (attestation: keyof typeof devices, transport: string): string => `
title: A device gets its certificate from DPS
cloud: { credentialPolicies: { weekly: { validityDays: 7 } } }
devices:
  it: { attestation: ${attestation}, transport: ${transport}, credential: issued-by-dps }
timeline:
  ${devices[attestation]}
  - power-on: it
    expect: { assigned: hub-eu, attempts: 1 }
  - connect: it
    after: P6D
    expect: { assigned: hub-eu, attempts: 0 }
  - connect: it
    after: P2D
    expect: { refused: hub-certificate-valid-now }
  - power-on: it
    expect: { assigned: hub-eu, attempts: 1 }
`;

test.for([
  ['symmetricKey', 'mqtt'],
  ['symmetricKey', 'https'],
  ['x509', 'mqtt'],
  ['x509', 'https'],
  ['tpm', 'https'],
] as const)(
  'a device that registers by %s over %s connects to the hub with the certificate that DPS issued',
  async ([attestation, transport], { skip }) => {
    skip(attestation === 'tpm' && swtpmMissing !== undefined, swtpmMissing);
    const [run] = await playText(scenario(attestation, transport));
    expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
    const atHub = (run?.history ?? []).filter(isHubDecision).map(({ checks }) => checks.map(({ check }) => check));
    expect(atHub).toHaveLength(5);
    for (const checks of atHub) expect(checks).toContain('hub-common-name-matches');
  },
);

test('a credential policy of a group applies to its members', async () => {
  const [run] = await playText(`
title: A fleet gets its certificates from DPS
cloud:
  credentialPolicies: { short: {} }
  enrollmentGroups: { fleet: { symmetricKey: true, credentialPolicy: short } }
devices:
  it: { attestation: symmetricKey, count: 3, credential: issued-by-dps }
timeline:
  - install-key: { device: it, from: derived, group: fleet }
  - power-on: it
    expect: { assigned: hub-eu }
  - connect: it
    after: P31D
    expect: { refused: hub-certificate-valid-now }
`);
  expect(run?.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
});

test.each([
  ['credentialPolicy: weekli', 'no credential policy is called "weekli"; did you mean "weekly"?'],
  ['credentialPolicy: 7', 'expected text, found 7'],
])('a scenario with %s is rejected', async (word, message) => {
  const text = scenario('symmetricKey', 'mqtt').replace('credentialPolicy: weekly', word);
  await expect(playText(text)).rejects.toThrow(message);
});

test.each([
  ['validityDays: 91', 'validityDays: 7', '90'],
  ['validityDays: 0', 'validityDays: 7', '1'],
  ['csrName: other', 'credential: issued-by-dps', '`csrName` needs `credential: issued-by-dps`'],
])('a scenario with %s in place of %s is rejected', async (word, former, message) => {
  const text = scenario('symmetricKey', 'mqtt').replace(former, word);
  await expect(playText(text)).rejects.toThrow(message);
});

function isHubDecision(event: HistoryEvent): event is HistoryEvent & { kind: 'decision' } {
  return event.kind === 'decision' && event.judge === 'hub';
}
