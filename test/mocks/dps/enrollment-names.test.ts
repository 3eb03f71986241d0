import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { provision } from '../clients/provision.ts';
import { askService } from '../clients/service-wire.ts';
import { playText } from '../../sim/play.ts';
import { openWebhook, saying } from '../clients/webhook-server.ts';

let open: OpenCloud;
beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
});
afterAll(() => open.cloud.close());

const put = (words: object, apiVersion = '2021-10-01', registrationId = 'dev', ifMatch: string | null = null) =>
  askService(open, 'PUT', `/enrollments/${registrationId}`, {
    apiVersion,
    headers: { 'If-Match': ifMatch },
    body: { registrationId, attestation: { type: 'symmetricKey' }, ...words },
  });

describe('the device ID of an enrollment', () => {
  test.each(['a/b', 'Line 3', 'gerät', 'tab\t', 'x'.repeat(129), '{a}', '<a>', 'a\\b', '"', '&'])(
    'is refused with 400004 when it is %j',
    async (deviceId) => {
      const { status, body } = await put({ deviceId });
      expect([status, body?.['errorCode']]).toEqual([400, 400004]);
      expect(body?.['message']).toContain('deviceId');
    },
  );
  test.each(['n@m.et#st', 'what?', 'a%2Fb', 'a+b', '$edge', "(a),b:=*!_-'"])(
    'is accepted when it is %j',
    async (deviceId) => {
      const id = `ok-${Buffer.from(deviceId).toString('hex')}`;
      const made = await askService(open, 'PUT', `/enrollments/${id}`, {
        body: { registrationId: id, deviceId, attestation: { type: 'symmetricKey' } },
      });
      expect(made.status).toBe(200);
    },
  );
});

describe('the initial twin of an enrollment', () => {
  test.each<[string, object]>([
    ['a dot in a tag', { tags: { 'a.b': 1 } }],
    ['a dollar sign', { properties: { desired: { $x: 1 } } }],
    ['pasted metadata', { properties: { desired: { rate: 1, $metadata: {}, $version: 4 } } }],
    ['a hash', { properties: { desired: { inner: { 'a#b': 1 } } } }],
    ['a blank', { tags: { 'a b': 1 } }],
  ])('is refused with 400004 for %s, in an individual enrollment and in a group', async (_name, initialTwin) => {
    const one = await put({ initialTwin });
    expect([one.status, one.body?.['errorCode']]).toEqual([400, 400004]);
    expect(one.body?.['message']).toContain('initialTwin');
    const group = await askService(open, 'PUT', '/enrollmentGroups/line', {
      body: { enrollmentGroupId: 'line', attestation: { type: 'symmetricKey' }, initialTwin },
    });
    expect([group.status, group.body?.['errorCode']]).toEqual([400, 400004]);
  });

  test('may have a hash in a name if `hashInTwinNames` is `accept`', async () => {
    const other = await openCloud({ fidelity: { ...defaultFidelity, hashInTwinNames: 'accept' } });
    const made = await askService(other, 'PUT', '/enrollments/dev', {
      body: {
        registrationId: 'dev',
        attestation: { type: 'symmetricKey' },
        initialTwin: { properties: { desired: { 'a#b': 1 } } },
      },
    });
    await other.cloud.close();
    expect(made.status).toBe(200);
  });
});

test('if the initial twin from a webhook has an invalid name, the operation fails and the history contains this name', async () => {
  const webhook = await openWebhook();
  webhook.answerWith(saying({ iotHubHostName: hubs[0], initialTwin: { tags: { 'a.b': 1 } } }));
  const keys = symmetricKeys();
  open.cloud.operator.putEnrollment(
    individual('asked', keys, {
      allocationPolicy: 'custom',
      customAllocation: { webhookUrl: webhook.url, apiVersion: '2021-10-01' },
    }),
  );
  const { status, state } = await provision(open, 'asked', { token: dpsToken(keys.primaryKey, 'asked') });
  await webhook.close();
  expect([status, state['errorCode']]).toEqual(['failed', 400207]);
  const failed = open.decisions().flatMap(({ checks }) => checks.filter(({ passed }) => !passed));
  expect(failed.at(-1)).toMatchObject({ check: 'webhook-answer-readable', found: expect.stringContaining('a.b') });
});

describe('the check of a scenario file', () => {
  const timeline = (words: string, fidelity = '{}'): string => `title: t
cloud: { fidelity: ${fidelity} }
devices: { d: { attestation: symmetricKey } }
timeline:
  - enroll: { device: d, ${words} }
  - install-key: d
  - power-on: d
    expect: { assigned: hub-eu }
`;

  test.each([
    ['deviceId: "Line 3"', /^5:.*device ID/],
    ['deviceId: "a/b"', /^5:.*device ID/],
    ['initialTwin: { tags: { "a.b": 1 } }', /^5:.*a\.b/],
    ['initialTwin: { properties: { desired: { "a#b": 1 } } }', /^5:.*a#b/],
    ['initialTwin: { properties: { desired: { $metadata: {} } } }', /^5:.*\$metadata/],
  ])('reports %s at its line', async (words, sentence) => {
    await expect(playText(timeline(words))).rejects.toThrow(sentence);
  });

  test('accepts a hash in a name if the file sets `hashInTwinNames` to `accept`', async () => {
    const text = timeline('initialTwin: { properties: { desired: { "a#b": 1 } } }', '{ hashInTwinNames: accept }');
    const [run] = await playText(text);
    expect(run?.verdict.kind).toBe('pass');
  });
});

describe('fields of newer API versions', () => {
  test('are not read or written in requests of an older version, and keep their values', async () => {
    const policy = { credentialPolicyName: 'daily' };
    const known = await put(policy, '2025-07-01-preview', 'word');
    expect([known.status, known.body?.['credentialPolicyName']]).toEqual([200, 'daily']);
    const get = async (apiVersion: string) =>
      (await askService(open, 'GET', '/enrollments/word', { apiVersion })).body?.['credentialPolicyName'];
    expect([await get('2026-04-01'), await get('2021-10-01'), await get('2019-03-31')]).toEqual([
      'daily',
      undefined,
      undefined,
    ]);
    const older = await put({ credentialPolicyName: 'other', deviceId: 'new-name' }, '2021-10-01', 'word', '*');
    expect([older.status, older.body?.['credentialPolicyName'], older.body?.['deviceId']]).toEqual([
      200,
      undefined,
      'new-name',
    ]);
    expect(await get('2026-04-01')).toBe('daily');
  });
});
