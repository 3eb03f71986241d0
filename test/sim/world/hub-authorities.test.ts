import { expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';
import { playText } from '../play.ts';

const scenario = (authorities: string, outcome: string): string => `
title: A device that a hub knows by its CA
story: A device gets its certificate from the CA of the plant.
teaches: The hub recognises it by the CA.
covers: []
tags: [x509]
pki:
  factory-ca: { validity: P20Y }
cloud:
  hubs: [{ name: hub-eu${authorities} }]
  enrollmentGroups: { ghosts: { x509: { ca: factory-ca } } }
devices:
  ghost: { attestation: x509 }
timeline:
  - issue-certificate: { device: ghost, from: factory-ca, validity: P2Y }
  - steal-key: { hub: hub-eu, as: connection-string }
  - send-request:
      to: hub-eu
      method: PUT
      path: /devices/ghost
      body: { deviceId: ghost, status: enabled, authentication: { type: certificateAuthority } }
      with: connection-string
  - steal-key: { device: ghost, as: copy }
  - visit-hub: { hub: hub-eu, deviceId: ghost, with: copy }
    expect: ${outcome}
`;

test.each([
  [
    'a hub refuses a device if its list of trusted CAs lacks the CA of the device',
    '',
    '{ refused: hub-chain-trusted }',
  ],
  [
    'a hub accepts a device if its list of trusted CAs has the CA of the device',
    ', certificateAuthorities: [factory-ca]',
    '{ telemetry: accepted }',
  ],
])('%s', async (_name, authorities, outcome) => {
  const [run] = await playText(scenario(authorities, outcome));
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
});

test('an unknown CA in the trusted CAs of a hub is reported with its line', () => {
  const text = scenario(', certificateAuthorities: [factori-ca]', '{ telemetry: accepted }');
  const loaded = loadScenarios('test.yaml', text, { steps, topics: [] });
  expect(loaded.ok ? [] : loaded.mistakes).toMatchObject([
    { line: 10, message: expect.stringContaining('factory-ca') as string },
  ]);
});
