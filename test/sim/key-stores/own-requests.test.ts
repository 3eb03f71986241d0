import { describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { TpmReader, u32 } from '../../../core/tpm/bytes.ts';
import { handles } from '../../../core/tpm/templates.ts';
import type { World } from '../../../sim/world/world.ts';
import { playText } from '../play.ts';
import { hsmMissing, tpmKeysMissing } from './parts-present.ts';
import { playWorld } from './play-world.ts';

const passed = { kind: 'pass', reason: 'as expected' };
const missingFor = { hsm: hsmMissing, tpm: tpmKeysMissing } as const;
type Store = keyof typeof missingFor;

interface Words {
  readonly vendor?: string;
  readonly device?: string;
  readonly cloud?: string;
}

const scenario = (steps: readonly string[], { vendor = '', device = '', cloud = '' }: Words): string => `
title: Keys that are made where they stay
pki:
  root: {}
  ca: { issuer: root, kind: third-party, leafValidity: P30D${vendor} }
  ours: { issuer: root }
cloud:
  credentialPolicies: { monthly: { validityDays: 30 } }
  enrollmentGroups: { line: { x509: { ca: root }${cloud} } }
devices:
  it: { ${device} }
timeline:
${steps.map((step) => `  - ${step}`).join('\n')}
  - connect: it${assigned}
`;

const request = 'request-certificate: { device: it, from: ca }';
const assigned = '\n    expect: { assigned: hub-eu, telemetry: accepted }';

/** Returns the number of key pairs in the TPM of a device (TPM2_GetCapability, TPM 2.0 Part 3 30.2). */
async function pairsIn(world: World): Promise<number> {
  const getCapability = Buffer.from('8001000000160000017a', 'hex');
  const command = Buffer.concat([getCapability, u32(1), u32(handles.signingKey), u32(254)]);
  const response = new TpmReader((await world.devices.byName.get('it')?.tpm?.transmit(command)) ?? Buffer.alloc(0));
  // Header, moreData, capability.
  response.take(10 + 1 + 4);
  const found = Array.from({ length: response.u32() }, () => response.u32());
  if (!response.complete) throw new Error('the response to TPM2_GetCapability is malformed');
  return found.filter((handle) => handle < handles.endorsementKey).length;
}

const deeds = (history: readonly HistoryEvent[], pattern: RegExp): number =>
  history.filter((event) => event.kind === 'deed' && pattern.test(event.sentence)).length;

const lastOutcome = (history: readonly HistoryEvent[]): string | undefined =>
  history.findLast((event) => event.kind === 'attempt-ended')?.outcome;

const failedChecks = (history: readonly HistoryEvent[]): readonly string[] =>
  history.flatMap((event) =>
    event.kind === 'decision' ? event.checks.flatMap(({ check, passed: well }) => (well ? [] : [check])) : [],
  );

describe.for<Store>(['hsm', 'tpm'])('a device that makes its key in the key store %s', (store) => {
  const play = async (steps: readonly string[], words: Words = {}) => {
    const attestation = words.device?.includes('attestation') === true ? '' : 'attestation: x509, ';
    const device = `${attestation}keyStore: ${store}${words.device ?? ''}`;
    const [run] = await playText(scenario(steps, { ...words, device }));
    expect(run?.verdict).toEqual(passed);
    expect(run?.warnings).toEqual([]);
    return run;
  };

  test.skipIf(missingFor[store])('gets a certificate from a vendor, and uses the key in TLS handshakes', async () => {
    await play([request, `power-on: it${assigned}`, request, `power-on: it${assigned}`]);
  });

  test.skipIf(missingFor[store])('gets a self-signed certificate', async () => {
    await play(['request-certificate: it', 'extract-certificate: it', 'enroll: it', `power-on: it${assigned}`]);
  });

  test.skipIf(missingFor[store])('renews its certificate, and the hub accepts the new certificate', async () => {
    const run = await play([request, `run-in-field: { device: it, for: P55D, visits: P11D }${assigned}`], {
      device: ', renewal: { from: ca }',
    });
    expect(deeds(run?.history ?? [], /^its certificate is renewed/)).toBe(2);
  });

  test.skipIf(missingFor[store])('gets a certificate over the air', async () => {
    await play([
      'issue-certificate: { device: it, from: ours, validity: P30D }',
      `update-over-the-air: { device: it, certificate: { from: ours } }${assigned}`,
      `connect: it\n    after: P2M${assigned}`,
    ]);
  });

  test.skipIf(missingFor[store])('gets a certificate from DPS, and renews this certificate', async () => {
    const own = 'issue-certificate: { device: it, from: ours }';
    const run = await play([own, `run-in-field: { device: it, for: P55D, visits: P11D }${assigned}`], {
      cloud: ', credentialPolicy: monthly',
      device: ', credential: issued-by-dps, renewal: { from: dps }, transport: https',
    });
    expect(deeds(run?.history ?? [], /^its certificate is renewed/)).toBe(2);
  });
});

test.skipIf(tpmKeysMissing)(
  'a device with TPM attestation stores its hub key in the TPM, beside the key pair',
  async () => {
    const { found, history } = await playWorld(
      scenario(
        [
          'extract-ek: it',
          'enroll: { device: it, credentialPolicy: monthly }',
          `run-in-field: { device: it, for: P55D, visits: P11D }${assigned}`,
        ],
        { device: 'attestation: tpm, credential: issued-by-dps, renewal: { from: dps }' },
      ),
      pairsIn,
    );
    expect(deeds(history, /^its certificate is renewed/)).toBe(2);
    expect([found, lastOutcome(history)]).toEqual([1, 'assigned']);
  },
);

describe.skipIf(tpmKeysMissing)('the number of key pairs in a TPM', () => {
  const play = (steps: readonly string[], words: Words) =>
    playWorld(scenario(steps, { ...words, device: `attestation: x509, keyStore: tpm${words.device ?? ''}` }), pairsIn);
  const renews = ', renewal: { from: ca }';

  test('is one after many renewals', async () => {
    const { found, history } = await play([request, 'run-in-field: { device: it, for: P5M, visits: P10D }'], {
      device: renews,
    });
    expect(deeds(history, /^its certificate is renewed/)).toBeGreaterThan(5);
    expect([found, lastOutcome(history)]).toEqual([1, 'assigned']);
  });

  test.each([
    ['a vendor of certificates answers with other names', ', answers: wrong-subject', 'issued-certificate-fits'],
    ['a vendor of certificates sells no more', ', quota: 1', 'pki-quota-left'],
  ])('stays one if renewals fail because %s', async (_name, vendor, check) => {
    const first = vendor.includes('quota') ? request : 'issue-certificate: { device: it, from: ours, validity: P30D }';
    const { found, history } = await play([first, 'run-in-field: { device: it, for: P28D, visits: P4D }'], {
      vendor,
      device: ', renewal: { from: ca, at: 0.3 }',
    });
    expect(failedChecks(history).filter((one) => one === check).length).toBeGreaterThan(2);
    expect(new Set(failedChecks(history))).toEqual(new Set([check]));
    expect([found, lastOutcome(history)]).toEqual([1, 'assigned']);
  });

  test.each(['before-answer', 'while-writing', 'before-proof'])(
    'is one after a power failure at the moment %s, and the device always has a certificate',
    async (powerFails) => {
      const { found, history } = await play(
        [request, `run-in-field: { device: it, for: P29D, powerFails: ${powerFails} }`],
        {
          device: renews,
        },
      );
      expect(deeds(history, /the power failed/)).toBe(1);
      expect(deeds(history, /^its certificate is renewed/)).toBe(1);
      expect(failedChecks(history)).toEqual([]);
      expect([found, lastOutcome(history)]).toEqual([1, 'assigned']);
    },
  );

  test('is zero after a power failure while the device overwrote its certificate', async () => {
    const { found, history } = await play(
      [request, 'run-in-field: { device: it, for: P29D, powerFails: while-writing }'],
      {
        device: ', renewal: { from: ca, keepsOld: false }',
      },
    );
    expect(failedChecks(history)).toContain('credential-present');
    expect([found, lastOutcome(history)]).toEqual([0, 'refused']);
  });

  test('is one (the old pair) if a leftover password blocks the TPM, and the services still accept the device', async () => {
    const { found, history } = await play(
      [request, 'set-tpm-password: { device: it, hierarchy: owner }', 'run-in-field: { device: it, for: P29D }'],
      { device: renews },
    );
    expect(failedChecks(history)).toContain('tpm-usable');
    expect([found, lastOutcome(history)]).toEqual([1, 'assigned']);
  });

  test('is two if DPS issues a second certificate, and one if DPS refuses the request', async () => {
    const device = ', credential: issued-by-dps';
    const cloud = ', credentialPolicy: monthly';
    const own = 'issue-certificate: { device: it, from: ours }';
    const again = ['power-on: it', 'register: it', 'register: it'];
    expect((await play([own, ...again], { device, cloud })).found).toBe(2);
    // The enrollment has no credential policy, so DPS rejects the request. The device then removes the key that it made for the
    // certificate.
    const refused = await play([own, ...again], { device });
    expect(failedChecks(refused.history)).toContain('credential-policy-known');
    expect(refused.found).toBe(1);
  });

  test('is two if DPS throttles the certificate request and then accepts the retry', async () => {
    const text = scenario(['issue-certificate: { device: it, from: ours }', 'power-on: it'], {
      device: 'attestation: x509, keyStore: tpm, credential: issued-by-dps',
      cloud: ', credentialPolicy: monthly',
    }).replace('cloud:\n', 'cloud:\n  faults: [{ answer: 429, operation: register, count: 2 }]\n');
    const { found, history } = await playWorld(text, pairsIn);
    expect([found, lastOutcome(history)]).toEqual([2, 'assigned']);
  });

  test('does not change when an attacker registers with the key of a stolen device and then returns the device', async () => {
    const { found, history } = await play(
      [
        'issue-certificate: { device: it, from: ours }',
        'power-on: it',
        'steal-key: { device: it, as: loot }',
        'impersonate: { device: it, with: loot }',
        'return-device: it',
        'power-on: it',
      ],
      { device: ', credential: issued-by-dps', cloud: ', credentialPolicy: monthly' },
    );
    const outcomes = history.flatMap((event) => (event.kind === 'attempt-ended' ? [event.outcome] : []));
    expect(outcomes).toEqual(['assigned', 'assigned', 'assigned', 'assigned']);
    expect(found).toBe(2);
  });
});
