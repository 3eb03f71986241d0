import { describe, expect, test } from 'vitest';
import type { Run } from '../../../core/run/run.ts';
import { playText } from '../play.ts';

/** Returns a scenario with three X.509 devices, a CA of a vendor, a CA of the manufacturer, and the given steps. */
const timeline = (steps: readonly string[], { vendor = '', device = '' } = {}): string => `
title: Certificates
pki:
  root: {}
  ours: { issuer: root }
  vendor: { issuer: root, kind: third-party${vendor} }
cloud:
  serverRoots: [old, new]
  enrollmentGroups: { line: { x509: { ca: root } } }
devices:
  it: { attestation: x509, count: 3${device} }
  keyed: { attestation: symmetricKey }
timeline:
${steps.map((step) => `  - ${step}`).join('\n')}
`;

async function play(steps: readonly string[], words: { vendor?: string; device?: string } = {}): Promise<Run> {
  const [run] = await playText(timeline(steps, words));
  if (run === undefined) throw new Error('no scenario was run');
  return run;
}

const assigned = 'power-on: it\n    expect: { assigned: hub-eu }';
const passed = { kind: 'pass', reason: 'as expected' };

describe('a batch of certificates', () => {
  test('gives each of its certificates to one device only', async () => {
    const run = await play([
      'order-batch: { device: it, from: vendor, as: store }',
      'install-from-batch: { device: it-1, batch: store }',
      'install-from-batch: { device: it, batch: store }',
      assigned,
    ]);
    expect(run.verdict).toEqual(passed);
    const empty = run.history.filter((event) => event.kind === 'deed' && /store has none/.test(event.sentence));
    expect(empty).toMatchObject([{ subject: 'it-1' }]);
  });

  test('leaves devices without a certificate if the vendor does not deliver in time', async () => {
    const run = await play(
      [
        'order-batch: { device: it, from: vendor, as: store, patience: P1D }',
        'install-from-batch: { device: it, batch: store }',
        'power-on: it\n    expect: { refused: credential-present }',
      ],
      { vendor: ', answers: slow, issueTime: P2D' },
    );
    expect(run.verdict).toEqual(passed);
    expect(run.registrations).toHaveLength(3);
  });

  test('that was never ordered is reported at the step that uses it', async () => {
    const steps = [
      'order-batch: { device: it, from: vendor, as: store }',
      'install-from-batch: { device: it, batch: stor }',
      assigned,
    ];
    await expect(play(steps)).rejects.toThrow(
      /^15:\d+ no batch that was ordered before is called "stor"; did you mean "store"\?/,
    );
  });
});

test('three devices that request certificates at once stay within the rate limit of the vendor', async () => {
  const run = await play(['request-certificate: { device: it, from: vendor }', assigned], { vendor: ', perMinute: 1' });
  expect(run.verdict).toEqual(passed);
  const limited = run.history.filter(
    (event) =>
      event.kind === 'decision' && event.checks.some(({ check, passed: held }) => check === 'pki-rate-kept' && !held),
  );
  expect(limited.length).toBeGreaterThan(0);
});

describe('server roots', () => {
  test('can be updated over the air only while the servers still use the old root', async () => {
    const run = await play([
      'issue-certificate: { device: it, from: ours, validity: P5Y }',
      'update-over-the-air: { device: it-1, roots: [old, new] }\n    expect: { assigned: hub-eu }',
      'power-on: it-2\n    expect: { assigned: hub-eu }',
      'replace-server-root: new',
      'connect: it-1\n    expect: { assigned: hub-eu }',
      'update-over-the-air: { device: it-2, roots: [new] }\n    expect: { refused: server-certificate-trusted }',
      'connect: it-2\n    expect: { refused: server-certificate-trusted }',
      'flash-trust: { device: it-2, roots: [new] }',
      'connect: it-2\n    expect: { assigned: hub-eu }',
    ]);
    expect(run.verdict).toEqual(passed);
  });

  test('from the trust bundle replace all other roots that a device trusts', async () => {
    const steps = [
      'issue-certificate: { device: it, from: ours }',
      'power-on: it\n    expect: { refused: server-certificate-trusted }',
    ];
    expect((await play(steps, { device: ', trustBundle: [new]' })).verdict).toEqual(passed);
  });

  test.each([
    ['replace-server-root: newer', 'no server root is called "newer"; did you mean "new"?'],
    ['flash-trust: { device: it, roots: [olt] }', 'no server root is called "olt"; did you mean "old"?'],
  ])('with a mistake are reported: %s', async (step, message) => {
    await expect(play([step, assigned])).rejects.toThrow(message);
  });
});

test.each([
  ['issue-certificate: { device: it, from: vendor }', 'a vendor runs the CA "vendor" and keeps its key'],
  ['request-certificate: { device: it, from: ours }', 'the manufacturer runs the CA "ours", but a vendor is expected'],
  [
    'order-batch: { device: it, from: ours, as: store }',
    'the manufacturer runs the CA "ours", but a vendor is expected',
  ],
  ['request-certificate: keyed', 'keyed attests by symmetricKey'],
  ['extract-certificate: it', 'it-1 has no certificate to read; put request-certificate'],
])('a run fails at the impossible step `%s`', async (step, sentence) => {
  const { verdict } = await play([step, assigned]);
  expect(verdict.kind).toBe('fail');
  expect(verdict.reason).toContain(sentence);
});

test('a certificate that a device made can be enrolled only after the step `extract-certificate`', async () => {
  const { verdict } = await play(['request-certificate: it', 'enroll: it', assigned]);
  expect(verdict.reason).toContain('put extract-certificate before enroll');
  const read = await play(['request-certificate: it', 'extract-certificate: it', 'enroll: it', assigned]);
  expect(read.verdict).toEqual(passed);
});

test.each([
  [{ device: ', renewal: { from: dps }' }, 'renewal `from: dps` or `from: hub` needs `credential: issued-by-dps`'],
  [{ device: ', renewal: { from: unknown }' }, 'no CA is called "unknown"'],
  [{ vendor: ', quota: -1' }, 'expected at least 0, found -1'],
])('the loader reports a mistake in the definition of a device or vendor: %o', async (words, message) => {
  await expect(play([assigned], words)).rejects.toThrow(message);
});

test('a CA of the manufacturer with settings of a vendor is rejected', async () => {
  const text = timeline([assigned]).replace('ours: { issuer: root }', 'ours: { issuer: root, quota: 3 }');
  await expect(playText(text)).rejects.toThrow('need `kind: third-party`');
});
