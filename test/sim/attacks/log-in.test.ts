import { expect, test } from 'vitest';
import { playText } from '../play.ts';

const scenario = (step: string, expected: string): string => `
title: An attacker opens connections
devices:
  sensor: { attestation: symmetricKey }
timeline:
  - enroll: sensor
  - install-key: sensor
  - power-on: sensor
    expect: { assigned: hub-eu }
  - steal-key: { device: sensor, token: hub, as: overheard }
  - steal-key: { device: sensor, as: key }
  - ${step}
    expect: ${expected}
`;

const atHub = 'userName: hub-eu.azure-devices.net/sensor/?api-version=2021-04-12';

test.each([
  [`log-in: { to: hub-eu, clientId: sensor, ${atHub}, with: overheard }`, '{ done: true }'],
  [`log-in: { to: hub-eu, clientId: sensor, ${atHub}, with: key }`, '{ done: true }'],
  [`log-in: { to: hub-eu, clientId: meter, ${atHub}, with: key }`, '{ refused: client-id-matches }'],
  [`log-in: { to: hub-eu, clientId: sensor, ${atHub} }`, '{ refused: hub-credential-type-matches }'],
  ['visit-hub: { hub: hub-eu, deviceId: sensor, with: key }', '{ assigned: true, telemetry: accepted }'],
  ['visit-hub: { hub: hub-eu, deviceId: meter, with: key }', '{ refused: hub-identity-found, telemetry: refused }'],
])('the step `%s` has the outcome %s', async (step, expected) => {
  const [run] = await playText(scenario(step, expected));
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
});
