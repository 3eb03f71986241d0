import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** A scenario with a sensor at its hub, and the loot of the attacker: the key of the sensor and the key of a policy. */
const scenario = (step: string, expected = '{ refused: true }'): string => `
title: An attacker sends requests
pki:
  own-ca: {}
devices:
  sensor: { attestation: symmetricKey }
  meter: { attestation: x509 }
timeline:
  - enroll: sensor
  - install-key: sensor
  - issue-certificate: { device: meter, from: own-ca }
  - power-on: sensor
  - grant-access: { policy: tool, rights: [EnrollmentRead, EnrollmentWrite] }
  - steal-key: { device: sensor, as: key }
  - steal-key: { device: meter, as: certificate }
  - steal-key: { policy: tool, as: tool-key }
  - steal-key: { hub: hub-eu, as: owner }
  - send-request: { to: service, path: /enrollments/sensor, with: tool-key, as: seen }
  - ${step}
    expect: ${expected}
`;

const register = (words: string): string =>
  `send-request: { to: devices, method: PUT, path: /0ne00C0FFEE/registrations/sensor/register, ${words} }`;
const read = (words: string): string => `send-request: { to: service, path: /enrollments/sensor, ${words} }`;

describe('a request of an attacker', () => {
  test.each([
    [register('body: {}, with: key'), '{ done: true }'],
    [register('body: {}, with: key, token: { expires: -PT6M }'), '{ refused: token-fresh }'],
    [register('body: {}, with: key, token: { keyName: null }'), '{ done: true }'],
    [register('body: {}, with: key, token: { without: sig }'), '{ refused: token-well-formed }'],
    [register('body: {}, with: key, token: { for: elsewhere }'), '{ refused: token-audience-matches }'],
    [read('with: tool-key, token: { without: sr }'), '{ refused: policy-token-well-formed }'],
    [read('with: tool-key, token: { keyName: unknown }'), '{ refused: policy-known }'],
    [
      'send-request: { to: service, method: DELETE, path: /enrollments/sensor, with: tool-key, ifMatch: seen }',
      '{ done: true }',
    ],
    [
      'send-request: { to: hub-eu, path: /devices/sensor, with: owner, token: { keyName: device } }',
      '{ refused: hub-policy-allows }',
    ],
  ])('is sent unchanged, so that the step `%s` has the outcome %s', async (step, expected) => {
    const [run] = await playText(scenario(step, expected));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  });

  test('is not recorded as a registration attempt of a device', async () => {
    const [run] = await playText(scenario(register('body: {}'), '{ refused: attestation-type-matches }'));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
    expect(run?.registrations.map(({ device }) => device)).toEqual(['sensor']);
  });
});

test.each([
  [
    read('with: certificate'),
    'loot "certificate" has the kind certificate, but a token needs a symmetric key or the key of a policy',
  ],
  [read('with: tool-key, ifMatch: key'), 'loot "key" has the kind symmetric-key, but an ETag is expected'],
  [read('as: again'), 'the answer 401 has no ETag, but `as` needs one'],
  [read('certificate: key'), 'loot "key" has the kind symmetric-key, but a certificate is expected'],
  [
    'ask-vendor: { ca: own-ca, name: meter }',
    'the manufacturer runs the CA "own-ca", but ask-vendor needs the CA of a vendor',
  ],
  ['visit-hub: { hub: hub-eu, deviceId: sensor, with: seen }', 'an ETag is not a credential'],
])('a run with the invalid step `%s` reports the missing or wrong part of the step', async (step, sentence) => {
  const [run] = await playText(scenario(step));
  const said = JSON.stringify([run?.verdict.reason, run?.history]);
  expect(said).toContain(JSON.stringify(sentence).slice(1, -1));
});
