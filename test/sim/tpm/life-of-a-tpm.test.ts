import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../../sim/tpm/swtpm.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';

describe.skipIf(swtpmMissing)('the life of a TPM', () => {
  const directory = openRunDirectory();
  let stateDir: string;
  let process: Swtpm;
  let tpm: Tpm;

  const powerOn = async (options = {}): Promise<void> => {
    process = await Swtpm.start({ stateDir });
    tpm = new Tpm((command) => process.transmit(command), options);
  };
  const challenge = async (): Promise<Buffer> => {
    const keys = { endorsementKey: await tpm.endorsementKey(), storageRootKey: await tpm.storageRootKey() };
    const made = makeChallenge({ ...keys, key: randomBytes(32), random: randomBytes });
    if (!made.ok) throw new Error(made.problem);
    return made.blob;
  };

  beforeEach(async () => {
    stateDir = directory.subdirectory('tpm');
    await powerOn();
  });
  afterEach(() => process.stop());
  afterAll(() => directory.close());

  test('keys and the activated identity outlive a year without power', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    expect(await tpm.hasIdentity()).toBe(false);
    await tpm.activateIdentity(await challenge());
    const before = await tpm.signWithIdentity(Buffer.from('x'));
    await process.stop();
    await powerOn();
    expect([await tpm.endorsementKey(), await tpm.storageRootKey()]).toEqual([ek, srk]);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toEqual(before);
  });

  test('clearing keeps the endorsement key and loses the storage root key and the identity', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    const blob = await challenge();
    await tpm.activateIdentity(blob);
    await tpm.clear();
    expect(await tpm.hasIdentity()).toBe(false);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toMatchObject({ ok: false, command: 'HMAC', code: 0x18b });
    expect(await tpm.endorsementKey()).toEqual(ek);
    expect(await tpm.storageRootKey()).not.toEqual(srk);
    expect(await tpm.activateIdentity(blob)).toMatchObject({ ok: false, command: 'ActivateCredential', code: 0x1df });
  });

  test('rolling the endorsement seed changes the endorsement key and keeps storage root key and identity', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    const blob = await challenge();
    await tpm.activateIdentity(blob);
    const before = await tpm.signWithIdentity(Buffer.from('x'));
    await tpm.rollEndorsementSeed();
    expect(await tpm.endorsementKey()).not.toEqual(ek);
    expect(await tpm.storageRootKey()).toEqual(srk);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toEqual(before);
    expect(await tpm.activateIdentity(blob)).toMatchObject({ ok: false, command: 'ActivateCredential', code: 0x101 });
  });

  test('the template of the TCG makes another key than the one of the SDKs, and whichever came first stays', async () => {
    await process.stop();
    await powerOn({ ekTemplate: 'tcg-l1' });
    const l1 = await tpm.endorsementKey();
    await process.stop();
    await powerOn({ ekTemplate: 'sdk' });
    expect(await tpm.endorsementKey()).toEqual(l1);
    await tpm.clear();
    expect(await tpm.endorsementKey()).not.toEqual(l1);
  });

  test('a password on the endorsement hierarchy stops the activation, one on the owner hierarchy the storage root key', async () => {
    const blob = await challenge();
    await tpm.setHierarchyPassword('endorsement', 'secret');
    expect(await tpm.activateIdentity(blob)).toMatchObject({ ok: false, command: 'PolicySecret', code: 0x9a2 });
    await tpm.clear();
    await tpm.setHierarchyPassword('owner', 'secret');
    await expect(tpm.storageRootKey()).rejects.toThrow('TPM2_CreatePrimary: TPM response 0x9a2');
  });

  test('a TPM that is gone says so instead of hanging', async () => {
    await process.stop();
    await expect(tpm.endorsementKey()).rejects.toThrow('swtpm has ended');
  });
});
