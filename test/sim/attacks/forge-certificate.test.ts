import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** A group that knows the CA; one device was bought, and one was never built. */
const scenario = (theft: string, how: string, outcome: string): string => `
title: A forger
pki:
  factory-root: {}
  factory-ca: { issuer: factory-root, validity: P5Y }
cloud:
  enrollmentGroups:
    thermostats: { x509: { ca: factory-ca } }
devices:
  thermostat: { attestation: x509 }
  plain: { attestation: symmetricKey }
  never-built: { attestation: x509 }
timeline:
  - issue-certificate: { device: thermostat, from: factory-ca }
  - enroll: plain
  - install-key: plain
  - steal-key: { ${theft}, as: loot }
  - forge-certificate: { device: never-built, with: loot, how: ${how}, as: forged }
  - impersonate: { device: never-built, with: forged }
    expect: ${outcome}
`;

describe('a certificate that is forged', () => {
  test.each([
    ['ca: factory-ca', 'plain', '{ assigned: hub-eu }'],
    ['ca: factory-ca', 'too-deep', '{ refused: path-length-holds }'],
    ['device: thermostat', 'plain', '{ refused: basic-constraints-hold }'],
    ['device: thermostat', 'other-ca-of-that-name', '{ refused: chain-signatures-match }'],
    // The name is looked at before anything else.
    ['device: thermostat', 'shown-itself', '{ refused: common-name-matches }'],
  ])('out of %s, %s: %s', async (theft, how, outcome) => {
    const [run] = await playText(scenario(theft, how, outcome));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  });

  test('needs a certificate with a key: a symmetric key makes none', async () => {
    const [run] = await playText(scenario('device: plain', 'plain', '{ assigned: true }'));
    const reason = 'a certificate is forged with the certificate and key of a device or of a CA';
    expect(run?.verdict).toMatchObject({ kind: 'fail', reason: expect.stringContaining(reason) as string });
  });
});
