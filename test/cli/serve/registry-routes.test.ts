import { afterAll, beforeAll, expect, test } from 'vitest';
import { controlled, startSharedLab, type SharedLab } from './lab-process.ts';

let lab: SharedLab;
beforeAll(async () => {
  lab = await startSharedLab('cloud: { assignment: PT0S, credentialPolicies: { monthly: { validityDays: 30 } } }');
});
afterAll(async () => {
  expect(await lab.end()).toBe(0);
});

type Authority = Readonly<Record<string, unknown>>;

const authoritiesOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): readonly Authority[] =>
  body['authorities'] as Authority[];

test('GET /registry shows the CAs with their policies and the state of their synchronisation', async () => {
  const { status, body } = await controlled(lab.ready, 'GET', '/registry');
  expect([status, body['devices']]).toEqual([200, []]);
  expect(authoritiesOf({ body })).toMatchObject([
    { namespace: 'rehearsal', certificateAuthority: 'root', type: 'Root', sync: [], policies: [] },
    {
      namespace: 'rehearsal',
      certificateAuthority: 'monthly',
      type: 'ICA',
      issuer: 'Microsoft',
      sync: [{ hub: 'hub-eu.azure-devices.net', state: 'synced' }],
      policies: [{ policy: 'monthly', validityDays: 30 }],
    },
  ]);
});

test('POST /registry/rotate replaces a CA, and the hubs trust the new CA after the delay', async () => {
  const monthly = { namespace: 'rehearsal', certificateAuthority: 'monthly' };
  const [, before] = authoritiesOf(await controlled(lab.ready, 'GET', '/registry'));
  const [, after] = authoritiesOf(await controlled(lab.ready, 'POST', '/registry/rotate', monthly));
  expect(after?.['thumbprint']).not.toBe(before?.['thumbprint']);
  expect(after?.['sync']).toMatchObject([{ state: 'pending' }]);
  await controlled(lab.ready, 'POST', '/clock/advance', { by: 'PT5M' });
  const synchronized = await controlled(lab.ready, 'POST', '/registry/synchronize', { namespace: 'rehearsal' });
  expect(authoritiesOf(synchronized)[1]?.['sync']).toMatchObject([{ state: 'synced' }]);
});

test.each([
  ['/registry/rotate', { namespace: 'rehearsal', certificateAuthority: 'root' }, 400, 'root is a root'],
  ['/registry/rotate', { namespace: 'rehearsal' }, 400, 'expected a CA'],
  ['/registry/synchronize', { namespace: 'none' }, 404, 'no certificate authority'],
  ['/registry/synchronize', {}, 400, 'expected a namespace'],
  ['/registry/revoke', { deviceId: 'none' }, 404, 'no device none'],
  ['/registry/revoke', { deviceId: 'none', odd: 1 }, 400, 'expected a device'],
])('POST %s refuses %j', async (path, body, status, sentence) => {
  const answer = await controlled(lab.ready, 'POST', path, body);
  expect([answer.status, answer.body['error']]).toEqual([status, expect.stringContaining(sentence)]);
});
