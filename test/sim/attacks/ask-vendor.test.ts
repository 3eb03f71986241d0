import { expect, test } from 'vitest';
import { playText } from '../play.ts';

/**
 * A scenario in which an attacker with the stolen certificate of a lamp requests another certificate from the vendor, and registers with
 * this certificate.
 */
const scenario = (step: string, expected: string, outcome: string): string => `
title: An attacker requests a certificate
pki:
  vendor-ca: { kind: third-party }
cloud:
  enrollmentGroups:
    lamps: { x509: { ca: vendor-ca } }
devices:
  lamp: { attestation: x509 }
timeline:
  - request-certificate: { device: lamp, from: vendor-ca }
  - steal-key: { device: lamp, as: dump }
  - ask-vendor: { ca: vendor-ca, ${step}, as: gained }
    expect: ${expected}
  - impersonate: { device: lamp, with: gained }
    expect: ${outcome}
`;

test.each([
  ['name: lamp, with: dump', '{ done: true }', '{ assigned: hub-eu }'],
  ['name: lamp', '{ refused: pki-request-authorised }', '{ refused: credential-present }'],
  ['name: other, with: dump', '{ refused: pki-subject-unchanged }', '{ refused: credential-present }'],
  ['name: lamp, how: key-of-another, with: dump', '{ refused: csr-signed-by-its-key }', '{ refused: true }'],
  ['name: lamp, how: unreadable, with: dump', '{ refused: csr-readable }', '{ refused: true }'],
])('the step `ask-vendor` with { %s } has the result %s', async (step, expected, outcome) => {
  const [run] = await playText(scenario(step, expected, outcome));
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
});
