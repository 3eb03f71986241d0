import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../core/time/clock.ts';
import type { IndividualEnrollment, InitialTwin, ReprovisionPolicy } from '../../../core/wire/enrollment.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import type { OperationBody, RegistrationState } from '../../../core/wire/dps-wire.ts';
import { ProvisioningService } from '../../../mocks/dps/service.ts';
import { Hub } from '../../../mocks/hub/hub.ts';
import { DeviceRegistry } from '../../../mocks/registry/device-registry.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { hubs as hosts, idScope, noon } from '../clients/open-cloud.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';
import { openWebhook, saying } from '../clients/webhook-server.ts';

const [eu, us] = hosts;
const keys = symmetricKeys();
const token = dpsToken(keys.primaryKey, 'dev');
const clock: Clock = { now: () => noon, sleep: () => Promise.reject(new Error('nothing sleeps here')) };

/** Opens DPS with its hubs, so that a test can inspect both. */
function openService(fidelity: Partial<FidelitySettings> = {}) {
  const history = new History(clock);
  const random = new Random('reprovision');
  const registry = new DeviceRegistry({}, random);
  const hubs = new Map<string, Hub>(
    hosts.map((host) => [host, new Hub(host, { clock, history, random, fidelity: defaultFidelity, registry })]),
  );
  const settings = {
    clock,
    history,
    random,
    idScope,
    hubs: hosts,
    fidelity: { ...defaultFidelity, ...fidelity },
    retryAfterSeconds: 3,
    assignmentMs: 0,
  };
  const service = new ProvisioningService(settings, hubs, registry);
  const hub = (host: string): Hub => hubs.get(host) ?? expect.fail(`no ${host}`);
  const call = {
    idScope,
    registrationId: 'dev',
    credentials: { certificates: [], token },
    apiVersion: '2021-06-01',
    transport: 'https' as const,
  };
  /** Registers, polls and returns the final registration state. */
  const provision = async (changed: Partial<typeof call> & { body?: object } = {}): Promise<RegistrationState> => {
    const claim = { body: {}, ...call, ...changed };
    const begun = (await service.register(claim)).body as OperationBody;
    const told = (await service.operationStatus(claim, begun.operationId)).body as OperationBody;
    return told.registrationState ?? told.registrationStatus ?? expect.fail(JSON.stringify(told));
  };
  const enroll = (changed: Partial<IndividualEnrollment> = {}): void =>
    expect(service.enrollments.put(individual('dev', keys, changed))).toBeUndefined();
  return { service, hub, provision, enroll };
}

const initialTwin: InitialTwin = { tags: { site: 'factory' }, properties: { desired: { interval: 60 } } };
const moves: ReprovisionPolicy = { updateHubAssignment: true, migrateDeviceData: true };
const resets: ReprovisionPolicy = { updateHubAssignment: true, migrateDeviceData: false };
const stays: ReprovisionPolicy = { updateHubAssignment: false, migrateDeviceData: true };

type Opened = ReturnType<typeof openService>;

/** Assigns a device to hub-eu. Then the owner and the device each write to the twin of the device. */
async function settled(open: Opened, changed: Partial<IndividualEnrollment> = {}): Promise<void> {
  open.enroll({ hubs: [eu], initialTwin, ...changed });
  expect(await open.provision()).toMatchObject({ assignedHub: eu, substatus: 'initialAssignment' });
  expect(twinOf(open, eu)).toEqual(fresh);
  open.hub(eu).twins.patch('dev', { tags: { site: 'field' } });
  open.hub(eu).twins.report('dev', { battery: 7 });
  expect(twinOf(open, eu)).toEqual(lived);
}

const fresh = { site: 'factory', interval: 60, battery: undefined };
const lived = { site: 'field', interval: 60, battery: 7 };

function twinOf(open: Opened, host: string): unknown {
  const twin = open.hub(host).twins.find('dev');
  if (twin === undefined) return 'none';
  const { tags, desired, reported } = twin;
  return { site: tags['site'], interval: desired.values['interval'], battery: reported.values['battery'] };
}

const isAt = (open: Opened, host: string): boolean => open.hub(host).identities.find('dev') !== undefined;

describe('a device whose enrollment has changed to a new hub', () => {
  test.each<[string, ReprovisionPolicy | undefined, string, unknown]>([
    ['by default', undefined, 'deviceDataMigrated', lived],
    ['update and migrate', moves, 'deviceDataMigrated', lived],
    ['update and reset', resets, 'deviceDataReset', fresh],
  ])('moves to that hub (policy: %s)', async (_name, reprovisionPolicy, substatus, twin) => {
    const open = openService();
    await settled(open);
    open.enroll({ hubs: [us], initialTwin, ...(reprovisionPolicy === undefined ? {} : { reprovisionPolicy }) });
    expect(await open.provision()).toMatchObject({ assignedHub: us, substatus });
    expect([isAt(open, eu), isAt(open, us)]).toEqual([false, true]);
    expect([twinOf(open, eu), twinOf(open, us)]).toEqual(['none', twin]);
    // The device now stays at its new hub. If the policy resets the data of the device, the substatus is `deviceDataReset` at every
    // registration.
    const again = substatus === 'deviceDataReset' ? substatus : 'reprovisionedToInitialAssignment';
    expect(await open.provision()).toMatchObject({ assignedHub: us, substatus: again });
  });

  test.each([
    ['migrate', stays],
    ['reset', { ...stays, migrateDeviceData: false }],
  ])(
    'stays at its hub and keeps its twin if `updateHubAssignment` is `false` (policy for data: %s)',
    async (_name, reprovisionPolicy) => {
      const open = openService();
      await settled(open);
      open.enroll({ hubs: [us], deviceId: 'other', initialTwin, reprovisionPolicy });
      expect(await open.provision()).toMatchObject({
        assignedHub: eu,
        deviceId: 'dev',
        substatus: 'reprovisionedToInitialAssignment',
      });
      expect([isAt(open, us), twinOf(open, eu)]).toEqual([false, lived]);
    },
  );

  test.each([
    ['2017-08-31-preview', eu],
    ['2017-11-15', eu],
    ['2018-04-01', eu],
    ['2018-09-01-preview', us],
    ['2018-11-01', us],
    ['2019-03-31', us],
    ['2026-04-01', us],
  ])('under API version %s, without a reprovisioning policy, is assigned to %s', async (apiVersion, host) => {
    const open = openService();
    await settled(open);
    open.enroll({ hubs: [us] });
    expect(await open.provision({ apiVersion })).toMatchObject({ assignedHub: host });
  });

  test('moves under API version 2018-04-01 if the enrollment has a reprovisioning policy', async () => {
    const open = openService();
    await settled(open);
    open.enroll({ hubs: [us], reprovisionPolicy: moves });
    expect(await open.provision({ apiVersion: '2018-04-01' })).toMatchObject({ assignedHub: us });
  });

  test('gets a new identity with the old data if only the device ID has changed', async () => {
    const open = openService();
    await settled(open);
    open.enroll({ hubs: [eu], deviceId: 'Device-1' });
    expect(await open.provision()).toMatchObject({ deviceId: 'Device-1', substatus: 'deviceDataMigrated' });
    expect(isAt(open, eu)).toBe(false);
    expect(open.hub(eu).twins.find('Device-1')?.tags).toEqual({ site: 'field' });
  });
});

describe('a device that stays at its hub', () => {
  test.each<[ReprovisionPolicy, Partial<FidelitySettings>, string, unknown]>([
    [moves, {}, 'reprovisionedToInitialAssignment', lived],
    [moves, { secondRegistrationSubstatus: 'unchanged' }, 'initialAssignment', lived],
    [resets, {}, 'deviceDataReset', fresh],
    [resets, { resetAtSameHub: 'unchanged' }, 'reprovisionedToInitialAssignment', fresh],
  ])(
    'gets, under the reprovisioning policy %o and the fidelity switches %o, the substatus %s',
    async (reprovisionPolicy, fidelity, substatus, twin) => {
      const open = openService(fidelity);
      await settled(open, { reprovisionPolicy });
      expect(await open.provision()).toMatchObject({ assignedHub: eu, substatus });
      expect(twinOf(open, eu)).toEqual(twin);
    },
  );
});

describe('an identity that exists at the hub but not at DPS', () => {
  const put = (open: Opened): void => {
    open.hub(eu).identities.put({
      deviceId: 'dev',
      status: 'enabled',
      authentication: { type: 'sas', primaryKey: keys.primaryKey, secondaryKey: keys.secondaryKey },
      capabilities: { iotEdge: false },
    });
    open.hub(eu).twins.create('dev', { tags: { site: 'by hand' } });
  };

  test.each([
    ['2018-11-01', 'initialAssignment'],
    ['2019-03-31', 'initialAssignment'],
    ['2019-04-15', 'reprovisionedToInitialAssignment'],
    ['2021-10-01', 'reprovisionedToInitialAssignment'],
  ])('keeps its twin, and DPS answers under API version %s with substatus %s', async (apiVersion, substatus) => {
    const open = openService();
    open.enroll({ hubs: [eu], initialTwin });
    put(open);
    expect(await open.provision({ apiVersion })).toMatchObject({ assignedHub: eu, substatus });
    expect(twinOf(open, eu)).toEqual({ site: 'by hand', interval: undefined, battery: undefined });
  });
});

describe('an identity that DPS creates at a hub', () => {
  test.each([true, false, undefined])('has `iotEdge` only if the enrollment sets it to true: %s', async (iotEdge) => {
    const open = openService();
    open.enroll({ hubs: [eu], ...(iotEdge === undefined ? {} : { iotEdge }) });
    await open.provision();
    expect(open.hub(eu).identities.find('dev')?.capabilities).toEqual({ iotEdge: iotEdge ?? false });
  });

  test('has an initial twin that hubs accept, because DPS refuses an enrollment with any other initial twin', () => {
    const open = openService();
    const initialTwin = { tags: { much: 'x'.repeat(100_000) } };
    expect(open.service.enrollments.put(individual('dev', keys, { initialTwin }))).toMatchObject({ errorCode: 400004 });
    expect(open.service.enrollments.find('dev')).toBeUndefined();
  });
});

describe('a webhook', () => {
  test('is called at each registration, and does not move a device whose policy forbids re-provisioning', async () => {
    const webhook = await openWebhook();
    const { url: webhookUrl } = webhook;
    const open = openService();
    const terms = {
      allocationPolicy: 'custom',
      customAllocation: { webhookUrl, apiVersion: '2021-10-01' },
      reprovisionPolicy: stays,
    } as const;
    webhook.answerWith(saying({ iotHubHostName: eu, payload: { round: 1 } }));
    open.enroll(terms);
    expect(await open.provision()).toMatchObject({ assignedHub: eu, payload: { round: 1 } });
    webhook.answerWith(saying({ iotHubHostName: us, payload: { round: 2 }, initialTwin }));
    expect(await open.provision()).toMatchObject({ assignedHub: eu, payload: { round: 2 } });
    expect([webhook.questions.length, isAt(open, us)]).toEqual([2, false]);
    webhook.answerWith((response) => void response.writeHead(400).end());
    expect(await open.provision()).toMatchObject({ status: 'failed', errorCode: 400207 });
    await webhook.close();
  });

  test('returns a twin that replaces the initial twin and the migrated twin', async () => {
    const webhook = await openWebhook();
    const { url: webhookUrl } = webhook;
    const open = openService();
    const custom = {
      allocationPolicy: 'custom',
      customAllocation: { webhookUrl, apiVersion: '2021-10-01' },
    } as const;
    const chosen = { tags: { site: 'webhook' }, properties: { desired: { interval: 5 } } };
    await settled(open);
    open.enroll({ ...custom, initialTwin });
    webhook.answerWith(saying({ iotHubHostName: us, initialTwin: chosen }));
    expect(await open.provision()).toMatchObject({ assignedHub: us, substatus: 'deviceDataReset' });
    expect(twinOf(open, us)).toEqual({ site: 'webhook', interval: 5, battery: undefined });
    // When the device stays at its hub, its twin stays as well.
    open.hub(us).twins.report('dev', { battery: 3 });
    await open.provision();
    expect(twinOf(open, us)).toEqual({ site: 'webhook', interval: 5, battery: 3 });
    await webhook.close();
  });
});

test.each([
  ['keep', [true, false]],
  ['roll', [false, false]],
  ['carry', [true, true]],
] as const)(
  'the switch `tpmHubKey: %s` decides whether a TPM keeps its hub key at the same hub and after a move to another hub: %j',
  async (tpmHubKey, same) => {
    const open = openService({ tpmHubKey });
    const chip = new SoftTpm();
    const { body } = chip;
    const endorsementKey = Buffer.from(body.tpm.endorsementKey, 'base64');
    const register = async (host: string): Promise<string> => {
      open.enroll({ attestation: { type: 'tpm', endorsementKey }, hubs: [host] });
      const call = { idScope, registrationId: 'dev', apiVersion: '2021-06-01', transport: 'https' as const, body };
      const challenge = await open.service.register({ ...call, credentials: { certificates: [] } });
      const key = chip.unwrap((challenge.body as { authenticationKey?: unknown }).authenticationKey);
      const credentials = { certificates: [], token: dpsToken(key, 'dev') };
      const state = await open.provision({ credentials, body });
      expect(state.assignedHub).toBe(host);
      return chip.unwrap(state.tpm?.authenticationKey).toString('hex');
    };
    const [first, second, moved] = [await register(eu), await register(eu), await register(us)];
    expect([first === second, second === moved]).toEqual(same);
  },
);
