import { TpmSecurityClient } from 'azure-iot-security-tpm';
import { Tpm as TssTpm } from 'tss.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { registrationIdOfEndorsementKey } from '../../core/tpm/registration-id.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../sim/tpm/swtpm.ts';
import { Tpm } from '../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { failureOf, register, sendTelemetry } from './clients.ts';
import { hub, openLab, type Lab } from './lab.ts';

const transports = ['https', 'amqp', 'amqp-ws'] as const;

describe.skipIf(swtpmMissing)('the Node SDK with a TPM', () => {
  const directory = openRunDirectory();
  let lab: Lab;
  let process: Swtpm;
  let endorsementKey: Buffer;

  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => {
    await lab.close();
    directory.close();
  });
  beforeEach(async () => {
    process = await Swtpm.start({ stateDir: directory.subdirectory('tpm') });
    endorsementKey = await new Tpm((command) => process.transmit(command)).endorsementKey();
  });
  afterEach(() => process.stop());

  test.each(transports)(
    'over %s answers the challenge, keeps the hub key in the TPM and gets its telemetry to the hub',
    async (transport) => {
      lab.enroll('gateway', { type: 'tpm', endorsementKey });
      const client = new TpmSecurityClient('gateway', sdkTpm(process));
      const result = await register(lab, transport, client);
      expect(result).toMatchObject({
        status: 'assigned',
        registrationState: { assignedHub: hub, deviceId: 'gateway' },
      });
      await sendTelemetry(lab, 'gateway', { tpm: client });
    },
  );

  test.each(transports)('over %s makes its registration ID from the endorsement key', async (transport) => {
    const id = registrationIdOfEndorsementKey(endorsementKey);
    lab.enroll(id, { type: 'tpm', endorsementKey });
    const result = await register(lab, transport, new TpmSecurityClient(undefined, sdkTpm(process)));
    expect(result).toMatchObject({ registrationState: { registrationId: id, deviceId: id } });
  });

  // The SDK asks for a challenge first and takes whatever else comes for a fault of the service: its words are lost.
  test('gives up when another endorsement key is enrolled, and when none is', async () => {
    const other = await Swtpm.start({ stateDir: directory.subdirectory('other') });
    lab.enroll('mixed-up', {
      type: 'tpm',
      endorsementKey: await new Tpm((command) => other.transmit(command)).endorsementKey(),
    });
    await other.stop();
    for (const [id, check] of [
      ['mixed-up', 'endorsement-key-matches'],
      ['nobody', 'enrollment-found'],
    ] as const) {
      const failure = await failureOf(register(lab, 'https', new TpmSecurityClient(id, sdkTpm(process))));
      expect(failure.name).toBe('InvalidOperationError');
      expect(lab.lastRefusal()).toBe(check);
    }
  });
});

/** The SDK's TPM library speaks the protocol of another simulator; what it sends through is led to swtpm. */
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
