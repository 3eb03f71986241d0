import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Transport, transports } from '../../core/history/events.ts';
import { AdvancingClock } from '../../core/time/clock.ts';
import { deriveDeviceKey } from '../../core/wire/sas.ts';
import { failureOf, register, security, sendTelemetry, visitHub } from './clients.ts';
import { hub, openLab, type Lab } from './lab.ts';
import { Owner } from './owner.ts';
import { atConnect, refusalNames } from './refusals.ts';
import { countEachAs } from './sdk-row.ts';

// The SDK runs in real time and spends most of it waiting, so many tests can run at once.
vi.setConfig({ maxConcurrency: 16 });

const attestation = { type: 'symmetricKey' };
const initialTwin = { properties: { desired: { rate: 5 } } };
const firstTwin = { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } };

/** Returns the error code that a wrong token gets over each protocol. */
const badTokenNumber = (transport: Transport): number => (transport === 'https' ? 401_002 : 401_000);

describe.concurrent('the Node SDK with symmetric keys', () => {
  let lab: Lab;
  let owner: Owner;
  const groupId = 'gauges';

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
    await owner.enrollGroup(groupId, { attestation });
  });
  afterAll(() => lab.close());

  describe.each(transports)('over %s', (transport) => {
    countEachAs('Node device SDK', transport, 'key');
    const unauthorized = {
      name: refusalNames[transport][401],
      said: { errorCode: badTokenNumber(transport), message: 'Unauthorized' },
    };

    test.each(['primary', 'secondary'] as const)('registers and connects to the hub with its %s key', async (which) => {
      const [id, deviceId] = [`meter-${which}-${transport}`, `Meter-${which}-${transport}`];
      await owner.enroll(id, { attestation, initialTwin, deviceId });
      const { primary, secondary } = await owner.keysOf(id);
      const key = which === 'primary' ? primary : secondary;
      const assigned = { registrationId: id, status: 'assigned', assignedHub: hub, deviceId };
      expect(await register(lab, transport, security.symmetricKey(id, key))).toMatchObject({
        ...assigned,
        substatus: 'initialAssignment',
      });
      expect(await visitHub(lab, transport, deviceId, { key })).toEqual(firstTwin);
      expect(await owner.registrationOf(id)).toMatchObject(assigned);
      // The hub accepts both symmetric keys of the enrollment.
      const symmetricKey = { primaryKey: primary.toString('base64'), secondaryKey: secondary.toString('base64') };
      expect(await owner.identityOf(deviceId)).toMatchObject({
        deviceId,
        status: 'enabled',
        authentication: { type: 'sas', symmetricKey },
      });
      await owner.retire({ deviceId, registrationId: id });
      const late = await failureOf(register(lab, transport, security.symmetricKey(id, key)));
      expect(late).toMatchObject(unauthorized);
      expect(lab.lastRefusal(id)).toBe('token-signature-matches');
    });

    test('registers and connects to the hub with a key derived from a group key', async () => {
      const [enrollmentGroupId, id] = [`lamps-${transport}`, `lamp-${transport}`];
      await owner.enrollGroup(enrollmentGroupId, { attestation, initialTwin });
      const key = deriveDeviceKey((await owner.groupKeysOf(enrollmentGroupId)).primary, id);
      const assigned = { registrationId: id, status: 'assigned', assignedHub: hub, deviceId: id };
      expect(await register(lab, transport, security.symmetricKey(id, key))).toMatchObject(assigned);
      expect(await visitHub(lab, transport, id, { key })).toEqual(firstTwin);
      expect(await owner.registrationOf(id)).toMatchObject(assigned);
      expect(await owner.identityOf(id)).toMatchObject({
        status: 'enabled',
        authentication: { type: 'sas', symmetricKey: { primaryKey: key.toString('base64') } },
      });
      await owner.retire({ deviceId: id, enrollmentGroupId });
      const late = await failureOf(register(lab, transport, security.symmetricKey(id, key)));
      expect(late).toMatchObject(unauthorized);
      expect(lab.lastRefusal(id)).toBe('token-signature-matches');
    });

    test('gets an error code for a wrong key, for the group key itself, and without an enrollment', async () => {
      const id = `wrong-${transport}`;
      await owner.enroll(id, { attestation });
      const groupKey = (await owner.groupKeysOf(groupId)).primary;
      for (const [name, key] of [
        [id, randomBytes(64)],
        [`group-key-${transport}`, groupKey],
        [`nobody-${transport}`, randomBytes(64)],
      ] as const) {
        const failure = await failureOf(register(lab, transport, security.symmetricKey(name, key)));
        expect(failure).toMatchObject(unauthorized);
        expect(lab.lastRefusal(name)).toBe('token-signature-matches');
        // A refusal is final: the SDK does not retry.
        expect(lab.calls(name).map(({ answer }) => answer)).toEqual([401]);
      }
    });

    // The SDK does not know this status, and reports that the answer of the service has a syntax error.
    test('gets the status "disabled" at once while its enrollment is disabled', async () => {
      const id = `disabled-${transport}`;
      await owner.enroll(id, { attestation, provisioningStatus: 'disabled' });
      const key = (await owner.keysOf(id)).primary;
      expect(await failureOf(register(lab, transport, security.symmetricKey(id, key)))).toMatchObject({
        name: 'SyntaxError',
        message: 'status is disabled',
        said: { operationId: '', status: 'disabled', registrationState: { registrationId: id } },
      });
      expect(lab.lastRefusal(id)).toBe('enrollment-enabled');
    });

    test('gets CONNACK 3 over MQTT and 404201 over other protocols with an unknown ID scope', async () => {
      const client = security.symmetricKey(`scope-${transport}`, randomBytes(64));
      const failure = await failureOf(register(lab, transport, client, { idScope: '0neFFFFFFFF' }));
      expect(failure).toMatchObject(
        atConnect[transport] === undefined
          ? { name: refusalNames[transport][404], said: { errorCode: 404_201, message: 'ID scope not found.' } }
          : { name: 'Error', message: atConnect[transport].unavailable, said: undefined },
      );
    });
  });

  test('is refused by the hub with another key, and while its identity is disabled', async () => {
    const id = 'blocked';
    await owner.enroll(id, { attestation });
    const key = (await owner.keysOf(id)).primary;
    await register(lab, 'mqtt', security.symmetricKey(id, key));
    const forged = await failureOf(sendTelemetry(lab, id, { key: randomBytes(64) }));
    expect([forged.name, lab.lastRefusal(id)]).toEqual(['UnauthorizedError', 'hub-token-signature-matches']);
    await owner.block(id);
    const blocked = await failureOf(sendTelemetry(lab, id, { key }));
    expect([blocked.name, lab.lastRefusal(id)]).toEqual(['UnauthorizedError', 'hub-identity-enabled']);
  });
});

describe.concurrent('the Node SDK with symmetric keys, at a service with changed settings', () => {
  const clock = new AdvancingClock();
  let ahead: Lab;
  let slow: Lab;
  let cutOff: Lab;
  let blunt: Lab;
  const keys = new Map<string, Buffer>();

  beforeAll(async () => {
    ahead = await openLab({ clock });
    slow = await openLab({ assignmentMs: 1500 });
    cutOff = await openLab();
    blunt = await openLab({ fidelity: { disabledEnrollment: 'status' } });
    for (const [lab, provisioningStatus] of [
      [ahead, 'enabled'],
      [slow, 'enabled'],
      [cutOff, 'enabled'],
      [blunt, 'disabled'],
    ] as const) {
      const owner = new Owner(lab);
      for (const transport of transports) {
        await owner.enroll(transport, { attestation, provisioningStatus });
        keys.set(`${lab.cloud.ports.https} ${transport}`, (await owner.keysOf(transport)).primary);
      }
    }
    clock.advance(2 * 3_600_000);
    cutOff.cloud.operator.setHubLink(hub, 'unauthorized');
  });
  afterAll(() => Promise.all([ahead, slow, cutOff, blunt].map((lab) => lab.close())));

  const registerAt = (lab: Lab, transport: Transport) => {
    const key = keys.get(`${lab.cloud.ports.https} ${transport}`) ?? Buffer.alloc(0);
    return register(lab, transport, security.symmetricKey(transport, key));
  };

  describe.each(transports)('over %s', (transport) => {
    countEachAs('Node device SDK', transport, 'key');
    test('gets an error if its clock is two hours behind', async () => {
      expect(await failureOf(registerAt(ahead, transport))).toMatchObject({
        name: refusalNames[transport][401],
        said: { errorCode: badTokenNumber(transport), message: 'Unauthorized' },
      });
      expect(ahead.lastRefusal(transport)).toBe('token-fresh');
    });

    test('polls until a slow assignment is done', async () => {
      expect(await registerAt(slow, transport)).toMatchObject({ status: 'assigned', deviceId: transport });
      expect(slow.calls(transport).map(({ kind, answer }) => [kind, answer])).toEqual([
        ['register', 202],
        ['poll', 202],
        ['poll', 200],
      ]);
    });

    // The class of the error is DeviceRegistrationFailedError, but its `name` property has another value.
    test('gets the reason of a failed assignment', async () => {
      expect(await failureOf(registerAt(cutOff, transport))).toMatchObject({
        name: 'ProvisioningRegistrationFailedError',
        message: 'registration failed',
        said: { status: 'failed', registrationState: { status: 'failed', errorCode: 400_209 } },
      });
      expect(cutOff.lastRefusal(transport)).toBe('hub-link-healthy');
    });

    // The SDK does not know this status, and reports that the answer of the service has a syntax error.
    test('fails with a `SyntaxError` if the service answers with the status "disabled"', async () => {
      expect(await failureOf(registerAt(blunt, transport))).toMatchObject({
        name: 'SyntaxError',
        message: 'status is disabled',
        said: { status: 'disabled' },
      });
    });
  });
});
