import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceApiVersions, dpsTopics } from '../../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { mint, shows } from '../clients/certificates.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { lookUp, poll, register } from '../clients/device-wire.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { publishPacket, RawMqtt, subscribePacket } from '../clients/raw-mqtt.ts';

const keys = symmetricKeys();
const token = dpsToken(keys.primaryKey, 'dev');
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud();
  open.cloud.operator.putEnrollment(individual('dev', keys));
});
afterAll(() => open.cloud.close());

/**
 * Sends a register message over MQTT with this API version in the user name. Returns the CONNACK code, then the topic and the error code
 * of the answer.
 */
async function overMqtt({ cloud }: OpenCloud, version: string): Promise<unknown[]> {
  const device = await RawMqtt.open(cloud);
  const connack = await device.connect({
    clientId: 'dev',
    username: `${idScope}/registrations/dev${version}`,
    password: token,
  });
  if (connack !== 0) return [connack];
  device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('1'), '{}'));
  const [, answer] = await device.flush();
  device.close();
  if (answer?.kind !== 'publish') return [connack, answer?.kind];
  const body = JSON.parse(answer.text) as Record<string, unknown>;
  return [connack, answer.topic, body['errorCode'] ?? body['status']];
}

const quotedEtag = /^"[0-9a-f-]{36}"$/;

describe.each(deviceApiVersions)('api-version %s', (apiVersion) => {
  const key = apiVersion === '2017-08-31-preview' ? 'registrationStatus' : 'registrationState';
  const isOld = /^201[78]/.test(apiVersion);
  const shown = { token, apiVersion };

  test('is supported over HTTPS, with the field names of that version', async () => {
    const accepted = await register(open.cloud, 'dev', shown);
    expect(accepted.status).toBe(202);
    const operationId = accepted.body?.['operationId'];
    const running = await poll(open.cloud, 'dev', operationId, shown);
    expect(running.body).toEqual({
      operationId,
      status: 'assigning',
      [key]: { registrationId: 'dev', status: 'assigning' },
    });
    open.clock.set(noon + 2000);
    const done = await poll(open.cloud, 'dev', operationId, shown);
    open.clock.set(noon);
    expect(Object.keys(done.body ?? {})).toEqual(['operationId', 'status', key]);
    const state = done.body?.[key] as Record<string, string>;
    expect(state).toMatchObject({ registrationId: 'dev', status: 'assigned', deviceId: 'dev' });
    const etag = state['etag'] ?? '';
    expect(isOld ? etag : Buffer.from(etag, 'base64').toString()).toMatch(quotedEtag);
    const found = await lookUp(open.cloud, 'dev', shown);
    expect([found.status, found.body?.['etag']]).toEqual([200, etag]);
  });

  test('is supported over MQTT', async () => {
    expect(await overMqtt(open, `/api-version=${apiVersion}`)).toEqual([
      0,
      '$dps/registrations/res/202/?$rid=1&retry-after=3',
      'assigning',
    ]);
  });
});

test('the registration state of a device with a certificate has an empty `x509` object', async () => {
  const leaf = await mint('cert');
  open.cloud.operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
  const shown = { client: shows(leaf), apiVersion: '2021-06-01' };
  const accepted = await register(open.cloud, 'cert', shown);
  open.clock.set(noon + 2000);
  const done = await poll(open.cloud, 'cert', accepted.body?.['operationId'], shown);
  open.clock.set(noon);
  expect(done.body?.['registrationState']).toMatchObject({ x509: {} });
});

describe('a device that sends a wrong API version over MQTT', () => {
  const wrong: [string, string][] = [
    ['missing', ''],
    ['empty', '/api-version='],
    ['unknown', '/api-version=1999-01-01'],
    ['nearly right', '/api-version=2019-03-31%20'],
  ];

  test.each(wrong)('gets the answer 400 if the version is %s', async (_name, version) => {
    expect(await overMqtt(open, version)).toEqual([0, '$dps/registrations/res/400/?$rid=1', 400005]);
  });

  test.each(wrong)(
    'is refused at CONNECT if `unknownApiVersionOverMqtt` is `refuse` and the version is %s',
    async (_name, version) => {
      const fidelity = { ...defaultFidelity, unknownApiVersionOverMqtt: 'refuse' } as const;
      const strict = await openCloud({ fidelity });
      strict.cloud.operator.putEnrollment(individual('dev', keys));
      expect(await overMqtt(strict, version)).toEqual([5]);
      expect(strict.lastVerdict()).toBe('dps request-well-formed');
      await strict.cloud.close();
    },
  );
});

describe('a device that registers again before DPS has assigned it', () => {
  test('gets a second registration operation', async () => {
    const [one, other] = [await register(open.cloud, 'dev', { token }), await register(open.cloud, 'dev', { token })];
    expect([one.status, other.status]).toEqual([202, 202]);
    expect(one.body?.['operationId']).not.toBe(other.body?.['operationId']);
  });

  test('gets a conflict until the assignment is done, if `concurrentRegistration` is `conflict`', async () => {
    const strict = await openCloud({ fidelity: { ...defaultFidelity, concurrentRegistration: 'conflict' } });
    strict.cloud.operator.putEnrollment(individual('dev', keys));
    strict.cloud.operator.putEnrollment(individual('other', keys));
    const first = await register(strict.cloud, 'dev', { token });
    expect(first.status).toBe(202);
    const second = await register(strict.cloud, 'dev', { token });
    expect([second.status, second.body?.['errorCode'], second.body?.['message']]).toEqual([
      409,
      409203,
      'Precondition failed.',
    ]);
    expect(strict.lastVerdict()).toBe('dps no-registration-under-way');
    expect((await register(strict.cloud, 'dev')).status).toBe(401);
    expect((await register(strict.cloud, 'other', { token: dpsToken(keys.primaryKey, 'other') })).status).toBe(202);
    strict.clock.set(noon + 2000);
    expect((await poll(strict.cloud, 'dev', first.body?.['operationId'], { token })).status).toBe(200);
    expect((await register(strict.cloud, 'dev', { token })).status).toBe(202);
    await strict.cloud.close();
  });
});
