import { TpmSecurityClient } from 'azure-iot-security-tpm';
import { Tpm as TssTpm } from 'tss.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { afterRealTime } from '../../core/time/clock.ts';
import { registrationIdOfEndorsementKey } from '../../core/tpm/registration-id.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../sim/tpm/swtpm.ts';
import { Tpm } from '../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { failureOf, register, visitHub } from './clients.ts';
import { hub, openLab, type Lab } from './lab.ts';
import { Owner } from './owner.ts';
import { refusalNames } from './refusals.ts';
import { countEachAs } from './sdk-row.ts';

const transports = ['https', 'amqp', 'amqp-ws'] as const;
const initialTwin = { properties: { desired: { rate: 5 } } };
const firstTwin = { desired: { rate: 5, $version: 1 }, reported: { $version: 1 } };

describe.skipIf(swtpmMissing).concurrent('the Node SDK with a TPM', () => {
  const directory = openRunDirectory();
  let lab: Lab;
  let owner: Owner;

  beforeAll(async () => {
    lab = await openLab();
    owner = new Owner(lab);
  });
  afterAll(async () => {
    await lab.close();
    directory.close();
  });

  /** Calls `act` with a new TPM and stops the TPM afterwards. */
  const withTpm = async (name: string, act: (tpm: TpmUnderTest) => Promise<void>): Promise<void> => {
    const process = await Swtpm.start({ stateDir: directory.subdirectory(name) });
    const endorsementKey = await new Tpm((command) => process.transmit(command)).endorsementKey();
    const attestation = { type: 'tpm', tpm: { endorsementKey: endorsementKey.toString('base64') } };
    try {
      await act({ sdk: sdkTpm(process), endorsementKey, attestation });
    } finally {
      await process.stop();
    }
  };

  describe.each(transports)('over %s', (transport) => {
    countEachAs('Node device SDK', transport, 'TPM');
    test('answers the challenge, keeps the hub key in the TPM, and connects to the hub', () =>
      withTpm(`service-${transport}`, async ({ sdk, attestation }) => {
        const [id, deviceId] = [`gateway-${transport}`, `Gateway-${transport}`];
        await owner.enroll(id, { attestation, initialTwin, deviceId });
        const client = new TpmSecurityClient(id, sdk);
        const assigned = { registrationId: id, status: 'assigned', assignedHub: hub, deviceId };
        expect(await register(lab, transport, client)).toMatchObject({
          status: 'assigned',
          registrationState: { ...assigned, substatus: 'initialAssignment' },
        });
        expect(await visitHub(lab, transport, deviceId, { tpm: client })).toEqual(firstTwin);
        expect(await owner.registrationOf(id)).toMatchObject(assigned);
        expect(await owner.identityOf(deviceId)).toMatchObject({ status: 'enabled', authentication: { type: 'sas' } });
        await owner.retire({ deviceId, registrationId: id });
      }));

    test('derives the registration ID of the device from the endorsement key', () =>
      withTpm(`own-name-${transport}`, async ({ sdk, endorsementKey, attestation }) => {
        const id = registrationIdOfEndorsementKey(endorsementKey);
        await owner.enroll(id, { attestation });
        const result = await register(lab, transport, new TpmSecurityClient(undefined, sdk));
        expect(result).toMatchObject({ registrationState: { registrationId: id, deviceId: id } });
        await owner.retire({ deviceId: id });
      }));

    test('retries after its poll gets a 429, except over HTTPS', () =>
      withTpm(`throttled-${transport}`, async ({ sdk, attestation }) => {
        const id = `throttled-${transport}`;
        await owner.enroll(id, { attestation });
        const effect = { kind: 'answer', status: 429, retryAfterSeconds: 1 } as const;
        lab.cloud.faults.add({ effect, registrationId: id, operation: 'operation-status', count: 1 });
        const attempt = register(lab, transport, new TpmSecurityClient(id, sdk));
        if (transport === 'https') {
          const failure = { name: refusalNames[transport][429], said: { errorCode: 429_001 } };
          expect(await failureOf(attempt)).toMatchObject(failure);
        } else {
          expect(await attempt).toMatchObject({ status: 'assigned', registrationState: { deviceId: id } });
        }
        const polls = lab.calls(id).filter(({ kind }) => kind === 'poll');
        expect(polls.map(({ answer }) => answer)).toEqual(transport === 'https' ? [429] : [429, 200]);
      }));

    test('gets the status "disabled" after it has answered its challenge', () =>
      withTpm(`disabled-${transport}`, async ({ sdk, attestation }) => {
        const id = `disabled-${transport}`;
        await owner.enroll(id, { attestation, provisioningStatus: 'disabled' });
        // Over AMQP the SDK keeps its connection open after this answer, and emits an error when the lab closes the connection.
        const onTransportError = (): void => {};
        const client = new TpmSecurityClient(id, sdk);
        expect(await failureOf(register(lab, transport, client, { onTransportError }))).toMatchObject({
          name: 'SyntaxError',
          message: 'status is disabled',
          said: { status: 'disabled' },
        });
        expect(lab.lastRefusal(id)).toBe('enrollment-enabled');
      }));

    test('hides the reason of a refusal from the application', () =>
      withTpm(`refused-${transport}`, ({ sdk }) =>
        withTpm(`other-${transport}`, async (other) => {
          const ids = ['mixed-up', 'nobody', 'no-scope'].map((name) => `${name}-${transport}`);
          const [mixedUp = '', nobody = '', noScope = ''] = ids;
          await owner.enroll(mixedUp, { attestation: other.attestation });
          const attempts: Promise<unknown>[] = [];
          for (const [id, check, name, message] of [
            [mixedUp, 'endorsement-key-matches', 'InvalidOperationError', noChallenge],
            [nobody, 'enrollment-found', 'InvalidOperationError', noChallenge],
            [noScope, 'id-scope-known', 'InvalidOperationError', noChallenge],
          ] as const) {
            const idScope = id === noScope ? { idScope: '0neFFFFFFFF' } : {};
            const attempt = failureOf(register(lab, transport, new TpmSecurityClient(id, sdk), idScope));
            attempts.push(attempt);
            if (transport === 'https') expect(await attempt).toEqual({ name, message, said: undefined });
            else await vi.waitFor(() => expect(lab.lastRefusal(id)).toBe(check), { timeout: 20_000 });
            expect(lab.lastRefusal(id)).toBe(check);
          }
          if (transport !== 'https') expect(await endsWithinASecond(Promise.race(attempts))).toBe(false);
        }),
      ));
  });

  test.each(['mqtt', 'mqtt-ws'] as const)(
    'does not work over %s, because the SDK itself refuses a TPM over this protocol',
    (transport) =>
      withTpm(`turned-down-${transport}`, async ({ sdk }) => {
        const client = new TpmSecurityClient(transport, sdk);
        expect(await failureOf(register(lab, transport, client))).toMatchObject({
          name: 'ArgumentError',
          message: 'Transport does not support TPM authentication',
        });
        expect(lab.calls(transport)).toEqual([]);
      }),
  );
});

/**
 * The SDK first requests a challenge. Over HTTPS, it reports any other answer as a fault of the service, without the message of the
 * service. Over AMQP, it listens for the end of its connection only after a challenge, so if the service refuses the device before a
 * challenge, the SDK never calls back.
 */
const noChallenge = 'The server did NOT respond with an unauthorized error.  For a TPM challenge this is incorrect.';

/** Returns false if the attempt does not end within one second. A test can only detect a missing answer by waiting for it. */
function endsWithinASecond(attempt: Promise<unknown>): Promise<boolean> {
  return new Promise((tell) => {
    afterRealTime(1000, () => tell(false));
    const ended = () => tell(true);
    attempt.then(ended, ended);
  });
}

interface TpmUnderTest {
  readonly sdk: TssTpm;
  readonly endorsementKey: Buffer;
  /** The attestation of an enrollment with the endorsement key of the TPM. */
  readonly attestation: object;
}

/** Creates the TPM client of the SDK. Its library uses the protocol of another simulator, so its commands are redirected to swtpm. */
function sdkTpm(process: Swtpm): TssTpm {
  const tpm = new TssTpm(false);
  const device = {
    connect: (done: () => void) => done(),
    dispatchCommand: (command: Buffer, done: (error: Error | null, response?: Buffer) => void) => {
      process.transmit(Buffer.from(command)).then(
        (response) => done(null, response),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
    close: () => {},
  };
  Object.assign(tpm, { device });
  return tpm;
}
