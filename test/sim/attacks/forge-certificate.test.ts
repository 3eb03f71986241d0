import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** A scenario with a CA group, a device that the attacker bought, and a device that was never built. */
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

describe('a forged certificate', () => {
  test.each([
    ['ca: factory-ca', 'plain', '{ assigned: hub-eu }'],
    ['ca: factory-ca', 'too-deep', '{ refused: path-length-holds }'],
    ['device: thermostat', 'plain', '{ refused: basic-constraints-hold }'],
    ['device: thermostat', 'other-ca-of-that-name', '{ refused: chain-signatures-match }'],
    // DPS checks the common name before it verifies the chain.
    ['device: thermostat', 'shown-itself', '{ refused: common-name-matches }'],
  ])('made with the stolen key of `%s` and `how: %s` has the outcome %s', async (theft, how, outcome) => {
    const [run] = await playText(scenario(theft, how, outcome));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  });

  test('can be made with a stolen certificate and its key, and not with a symmetric key', async () => {
    const [run] = await playText(scenario('device: plain', 'plain', '{ assigned: true }'));
    const reason = 'the loot is symmetric-key, but a certificate with its key is expected';
    expect(run?.verdict).toMatchObject({ kind: 'fail', reason: expect.stringContaining(reason) as string });
  });
});

// At an MQTT CONNECT, DPS checks the common name before it parses the certificate, and a CONNACK contains no error code.
test.each([
  ['https', 'certificate-readable, errorCode: 401002'],
  ['mqtt', 'common-name-matches'],
  ['amqp', 'certificate-readable, errorCode: 401002'],
  ['mqtt-ws', 'common-name-matches'],
  ['amqp-ws', 'certificate-readable, errorCode: 401002'],
])(
  'over %s, DPS completes the TLS handshake with a certificate that has a truncated extension, and then refuses the certificate',
  async (transport, by) => {
    const built = 'never-built: { attestation: x509';
    const text = scenario('ca: factory-ca', 'unreadable', `{ refused: ${by} }`);
    const [run] = await playText(text.replace(built, `${built}, transport: ${transport}`));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  },
);
