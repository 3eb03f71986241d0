import { expect, test } from 'vitest';
import { playText } from '../play.ts';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { steps } from '../../../sim/steps/index.ts';

const otherTenant = 'strangers: { rival: { idScope: 0neBADBAD00, hub: hub-of-the-rival } }';

const scenario = (device: string, timeline: string): string => `
title: Another tenant enrolls the devices of a customer
cloud:
  ${otherTenant}
devices:
  valve: ${device}
timeline:
  ${timeline.trim().replaceAll('\n', '\n  ')}
`;

/** Returns every mistake of a text as `line:column message`. */
function mistakesIn(text: string): readonly string[] {
  const loaded = loadScenarios('bad.yaml', text, { steps, topics: [] });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

test('the step `enroll-elsewhere` makes an individual enrollment at another service with a self-signed certificate', async () => {
  const [run] = await playText(
    scenario(
      '{ attestation: x509 }',
      `
- issue-certificate: valve
- steal-key: { device: valve, publicKeys: true, as: shown }
- flash-config: { device: valve, idScope: 0neBADBAD00 }
- power-on: valve
  expect: { refused: enrollment-found }
- enroll-elsewhere: { device: valve, service: rival, with: shown }
- power-on: valve
  expect: { assigned: hub-of-the-rival, telemetry: accepted }`,
    ),
  );
  expect(run?.verdict).toMatchObject({ kind: 'pass' });
  // The certificate is public, so the attacker, who has only the certificate, has no secret.
  expect(run?.secrets.filter(({ flag }) => flag === 'stolen')).toEqual([]);
  expect(run?.signals).toEqual([]);
});

test('the step `enroll-elsewhere` enrolls a stolen symmetric key, and rejects stolen secrets of other kinds', async () => {
  const [run] = await playText(
    scenario(
      '{ attestation: symmetricKey }',
      `
- enroll: valve
- install-key: valve
- steal-key: { device: valve, as: leaked }
- enroll-elsewhere: { device: valve, service: rival, with: leaked }
- flash-config: { device: valve, idScope: 0neBADBAD00 }
- power-on: valve
  expect: { assigned: hub-of-the-rival }
- grant-access: { policy: intern, rights: [EnrollmentRead] }
- steal-key: { policy: intern, as: paper }
- enroll-elsewhere: { device: valve, service: rival, with: paper }`,
    ),
  );
  expect(run?.verdict).toMatchObject({
    kind: 'fail',
    reason: expect.stringMatching(
      /:17:5 enroll-elsewhere: the loot has the kind policy-key, but public keys, certificates or a symm/,
    ),
  });
  expect(run?.registrations.at(-1)).toMatchObject({ outcome: 'assigned', hub: 'hub-of-the-rival' });
});

test('the step `enroll-elsewhere` rejects an unknown tenant, and two tenants with the same ID scope or hub', () => {
  const bad = (cloud: string): string =>
    scenario('{ attestation: x509 }', '- power-on: valve\n  expect: { assigned: true }').replace(/strangers:.*/, cloud);
  expect(mistakesIn(bad('strangers: { rival: { idScope: 0ne00C0FFEE, hub: other } }'))).toEqual([
    '4:14 two services have the same ID scope; give each service a different ID scope',
  ]);
  expect(mistakesIn(bad('strangers: { rival: { idScope: 0neBADBAD00, hub: HUB-EU } }'))).toEqual([
    '4:14 two services have the same hub; give each service different hubs',
  ]);
  const step = '- enroll-elsewhere: { device: valve, service: rvial, with: loot }';
  expect(mistakesIn(scenario('{ attestation: x509 }', step)).join('\n')).toMatch(
    /no service of another tenant is called "rvial"; did you mean "rival"\?/,
  );
});
