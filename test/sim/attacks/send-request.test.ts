import { describe, expect, test } from 'vitest';
import { playText } from '../play.ts';

/** A sensor at its hub, whose key was read, and a policy whose key leaked. */
const scenario = (step: string, expected = '{ refused: true }'): string => `
title: Somebody writes requests of his own
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

describe('a request is sent as it is written, and the service says what is wrong with it', () => {
  test.each([
    [register('body: {}, with: key'), '{ done: true }'],
    [register('body: {}, with: key, token: { expires: -PT6M }'), '{ refused: token-fresh }'],
    [register('body: {}, with: key, token: { keyName: null }'), '{ done: true }'],
    [register('body: {}, with: key, token: { without: sig }'), '{ refused: token-well-formed }'],
    [register('body: {}, with: key, token: { for: elsewhere }'), '{ refused: token-audience-matches }'],
    [read('with: tool-key, token: { without: sr }'), '{ refused: policy-token-well-formed }'],
    [read('with: tool-key, token: { keyName: nobody }'), '{ refused: policy-known }'],
    [
      'send-request: { to: service, method: DELETE, path: /enrollments/sensor, with: tool-key, ifMatch: seen }',
      '{ done: true }',
    ],
    [
      'send-request: { to: hub-eu, path: /devices/sensor, with: owner, token: { keyName: device } }',
      '{ refused: hub-policy-allows }',
    ],
  ])('%s: %s', async (step, expected) => {
    const [run] = await playText(scenario(step, expected));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
  });

  test('and nobody is taken for a device that registers', async () => {
    const [run] = await playText(scenario(register('body: {}'), '{ refused: attestation-type-matches }'));
    expect(run?.verdict).toMatchObject({ kind: 'pass' });
    expect(run?.registrations.map(({ device }) => device)).toEqual(['sensor']);
  });
});

test.each([
  [
    read('with: certificate'),
    'a token is made with a symmetric key or the key of a policy, and certificate is neither',
  ],
  [read('with: tool-key, ifMatch: key'), 'key is no version; keep one with send-request and as'],
  [read('as: again'), 'the answer 401 shows no version to keep'],
  [read('certificate: key'), 'there is no certificate in key'],
  ['ask-vendor: { ca: own-ca, name: meter }', 'no vendor runs "own-ca"'],
  ['visit-hub: { hub: hub-eu, deviceId: sensor, with: seen }', 'to have seen something proves nothing'],
])('%s says what is missing', async (step, sentence) => {
  const [run] = await playText(scenario(step));
  const said = JSON.stringify([run?.verdict.reason, run?.history]);
  expect(said).toContain(JSON.stringify(sentence).slice(1, -1));
});
