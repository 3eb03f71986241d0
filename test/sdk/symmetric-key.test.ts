import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveDeviceKey } from '../../core/sas.ts';
import { transports } from '../../core/attempt.ts';
import { failureOf, register, security, sendTelemetry, unauthorized } from './clients.ts';
import { hub, openLab, type Lab } from './lab.ts';

describe('the Node SDK with symmetric keys', () => {
  let lab: Lab;
  const [primaryKey, secondaryKey, groupKey] = [randomBytes(64), randomBytes(32), randomBytes(64)];

  beforeAll(async () => {
    lab = await openLab();
    lab.enroll('sensor', { type: 'symmetricKey', primaryKey, secondaryKey });
    lab.enrollGroup('sensors', { type: 'symmetricKey', primaryKey: groupKey, secondaryKey: randomBytes(64) });
  });
  afterAll(() => lab.close());

  describe.each(transports)('over %s', (transport) => {
    test.each([
      ['the primary key', primaryKey],
      ['the secondary key', secondaryKey],
    ])('registers with %s and gets its telemetry to the hub', async (_name, key) => {
      const result = await register(lab, transport, security.symmetricKey('sensor', key));
      expect(result).toMatchObject({
        status: 'assigned',
        assignedHub: hub,
        deviceId: 'sensor',
        substatus: 'initialAssignment',
      });
      await sendTelemetry(lab, 'sensor', { key });
    });

    test('registers with the key derived for it from a group', async () => {
      const id = `derived-${transport}`;
      const key = deriveDeviceKey(groupKey, id);
      expect(await register(lab, transport, security.symmetricKey(id, key))).toMatchObject({
        status: 'assigned',
        deviceId: id,
      });
      await sendTelemetry(lab, id, { key });
    });

    test('is told 401000 for a wrong key, and for the group key itself', async () => {
      for (const [id, key] of [
        ['sensor', randomBytes(64)],
        ['derived-wrong', groupKey],
      ] as const) {
        const failure = await failureOf(register(lab, transport, security.symmetricKey(id, key)));
        expect(failure).toMatchObject({
          name: unauthorized[transport],
          said: { errorCode: 401_000, message: 'Unauthorized' },
        });
      }
    });
  });

  test('meets CONNACK 3 over MQTT and 404 over HTTPS with an ID scope that is not ours', async () => {
    const client = () => security.symmetricKey('sensor', primaryKey);
    expect((await failureOf(register(lab, 'mqtt', client(), '0neFFFFFFFF'))).message).toBe(
      'Connection refused: Server unavailable',
    );
    expect(await failureOf(register(lab, 'https', client(), '0neFFFFFFFF'))).toMatchObject({
      message: 'Not found',
      said: { errorCode: 404_201 },
    });
  });

  test('is refused by the hub with a key that is not the one it registered with, and once it is disabled', async () => {
    await register(lab, 'mqtt', security.symmetricKey('sensor', primaryKey));
    expect(await failureOf(sendTelemetry(lab, 'sensor', { key: randomBytes(64) }))).toMatchObject({
      name: 'UnauthorizedError',
    });
    lab.cloud.operator.setHubIdentityStatus(hub, 'sensor', 'disabled');
    expect(await failureOf(sendTelemetry(lab, 'sensor', { key: primaryKey }))).toMatchObject({
      name: 'UnauthorizedError',
    });
    lab.cloud.operator.setHubIdentityStatus(hub, 'sensor', 'enabled');
  });

  test('polls until an assignment that takes its time is done', async () => {
    const slow = await openLab(1500);
    slow.enroll('sensor', { type: 'symmetricKey', primaryKey, secondaryKey });
    expect(await register(slow, 'https', security.symmetricKey('sensor', primaryKey))).toMatchObject({
      status: 'assigned',
    });
    expect(await register(slow, 'mqtt', security.symmetricKey('sensor', primaryKey))).toMatchObject({
      status: 'assigned',
    });
    await slow.close();
  });
});
