import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** Returns a scenario with one X.509 device below a root CA, the given group and the given steps. */
const timeline = (x509: string, steps: readonly string[]): string => `title: CA
pki:
  root: {}
  other: {}
cloud:
  enrollmentGroups:
    line: { x509: ${x509} }
devices:
  dev: { attestation: x509 }
timeline:
  - issue-certificate: { device: dev, from: root }
${steps.map((step) => `  - ${step}`).join('\n')}
  - power-on: dev
    expect: { assigned: true }
`;

const outcome = async (text: string): Promise<string> => {
  const [run] = await playText(text);
  return `${run?.verdict.kind ?? 'none'}: ${run?.verdict.reason ?? ''}`;
};

describe('uploaded CA certificates', () => {
  test.each<[string, readonly string[]]>([
    ['set to verified on upload', ['upload-ca: { ca: root, verified: true }']],
    ['verified by proof of possession', ['upload-ca: root', 'prove-possession: root']],
    [
      'verified at the second attempt',
      ['upload-ca: root', 'prove-possession: { ca: root, signedBy: other }', 'prove-possession: root'],
    ],
  ])('accept devices if they are %s', async (_name, steps) => {
    expect(await outcome(timeline('{ caReference: root }', steps))).toMatch(/^pass/);
  });

  test('can be the secondary CA of a group', async () => {
    const steps = ['upload-ca: root', 'prove-possession: root'];
    expect(await outcome(timeline('{ caReference: other, secondary: root }', steps))).toMatch(/^pass/);
  });

  test.each([
    ['prove-possession: root', 'put upload-ca before'],
    ['delete-ca: root', 'put upload-ca before delete-ca'],
  ])('are required by the step `%s`; without the CA certificate, the run fails', async (step, sentence) => {
    expect(await outcome(timeline('{ caReference: root }', [step]))).toMatch(new RegExp(`^fail: .*${sentence}`));
  });

  test.each(['{}', '{ ca: root, caReference: root }'])(
    'are named by `caReference` of a group, and a group with `x509: %s` is rejected',
    async (x509) => {
      await expect(playText(timeline(x509, []))).rejects.toThrow('expected exactly one of `ca` and `caReference`');
    },
  );
});
