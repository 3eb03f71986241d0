import { randomBytes } from 'node:crypto';
import { afterAll, beforeEach, afterEach, describe, expect, test } from 'vitest';
import { done } from '../../../core/result.ts';
import { makeChallenge } from '../../../mocks/dps/attestation/tpm-challenge.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { Swtpm } from '../../../sim/tpm/swtpm.ts';
import { Tpm } from '../../../sim/tpm/tpm.ts';
import { swtpmMissing } from '../swtpm-present.ts';
import { loadedHandles } from './loaded-handles.ts';

describe.skipIf(swtpmMissing)('a TPM', () => {
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
    if (!made.ok) throw new Error(made.failure.sentence);
    return made.value;
  };

  beforeEach(async () => {
    stateDir = directory.subdirectory('tpm');
    await powerOn();
  });
  afterEach(async () => {
    // The TPM has no resource manager, so no test may leave an object or a session loaded.
    const left = await loadedHandles((command) => process.transmit(command));
    await process.stop();
    expect(left).toEqual([]);
  });
  afterAll(() => directory.close());

  test('keeps its keys and the activated identity without power', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    expect(await tpm.hasIdentity()).toBe(false);
    await tpm.activateIdentity(await challenge());
    const before = await tpm.signWithIdentity(Buffer.from('x'));
    await process.stop();
    await powerOn();
    expect([await tpm.endorsementKey(), await tpm.storageRootKey()]).toEqual([ek, srk]);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toEqual(before);
  });

  test('keeps its endorsement key after a clear, and loses the storage root key and the identity', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    const blob = await challenge();
    await tpm.activateIdentity(blob);
    await tpm.clear();
    expect(await tpm.hasIdentity()).toBe(false);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toMatchObject({
      failure: { command: 'HMAC', responseCode: 0x18b },
    });
    expect(await tpm.endorsementKey()).toEqual(ek);
    expect(await tpm.storageRootKey()).not.toEqual(srk);
    expect(await tpm.activateIdentity(blob)).toMatchObject({
      failure: { command: 'ActivateCredential', responseCode: 0x1df },
    });
  });

  test('has another endorsement key after a change of its endorsement seed, and keeps storage root key and identity', async () => {
    const [ek, srk] = [await tpm.endorsementKey(), await tpm.storageRootKey()];
    const blob = await challenge();
    await tpm.activateIdentity(blob);
    const before = await tpm.signWithIdentity(Buffer.from('x'));
    await tpm.rollEndorsementSeed();
    expect(await tpm.endorsementKey()).not.toEqual(ek);
    expect(await tpm.storageRootKey()).toEqual(srk);
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toEqual(before);
    expect(await tpm.activateIdentity(blob)).toMatchObject({
      failure: { command: 'ActivateCredential', responseCode: 0x101 },
    });
  });

  test('makes different endorsement keys from the templates of the TCG and of the SDKs, and keeps the first key', async () => {
    await process.stop();
    await powerOn({ ekTemplate: 'tcg-l1' });
    const l1 = await tpm.endorsementKey();
    await process.stop();
    await powerOn({ ekTemplate: 'sdk' });
    expect(await tpm.endorsementKey()).toEqual(l1);
    await tpm.clear();
    expect(await tpm.endorsementKey()).not.toEqual(l1);
  });

  test('with a password on the endorsement hierarchy activates no identity', async () => {
    const blob = await challenge();
    await tpm.setHierarchyPassword('endorsement', 'secret');
    expect(await tpm.activateIdentity(blob)).toMatchObject({
      failure: { command: 'PolicySecret', responseCode: 0x9a2 },
    });
    expect(await tpm.hasIdentity()).toBe(false);
  });

  test('with a password on the owner hierarchy refuses the storage root key and every operation that needs it', async () => {
    const blob = await challenge();
    await tpm.clear();
    await tpm.setHierarchyPassword('owner', 'secret');
    await expect(tpm.storageRootKey()).rejects.toThrow(
      'TPM2_CreatePrimary: TPM response 0x9a2 (TPM_RC_BAD_AUTH, session 1): the password of the hierarchy is wrong or missing',
    );
    // The TPM can make the endorsement key, but it needs the owner password to store the key at a handle.
    await expect(tpm.endorsementKey()).rejects.toThrow('TPM2_EvictControl: TPM response 0x9a2');
    expect(await tpm.activateIdentity(blob)).toMatchObject({
      failure: { command: 'EvictControl', responseCode: 0x9a2 },
    });
  });

  test('with a password on the owner hierarchy stores no new identity key, and keeps the former key', async () => {
    await tpm.activateIdentity(await challenge());
    const before = await tpm.signWithIdentity(Buffer.from('x'));
    await tpm.takeOwnership({ owner: 'secret' });
    expect(await tpm.activateIdentity(await challenge())).toMatchObject({
      failure: { command: 'EvictControl', responseCode: 0x9a2 },
    });
    expect(await tpm.signWithIdentity(Buffer.from('x'))).toEqual(before);
  });

  test('requires the lockout password for a clear by the owner, but not for a clear by the firmware', async () => {
    await tpm.takeOwnership({ lockout: 'secret' });
    const srk = await tpm.storageRootKey();
    expect(await tpm.clearAsOwner('guess')).toMatchObject({ failure: { command: 'Clear', responseCode: 0x98e } });
    // One wrong password locks the lockout hierarchy itself (TPM 2.0 Part 1 19.8.6).
    expect(await tpm.clearAsOwner('secret')).toMatchObject({ failure: { command: 'Clear', responseCode: 0x921 } });
    expect(await tpm.storageRootKey()).toEqual(srk);
    await tpm.clear();
    expect(await tpm.storageRootKey()).not.toEqual(srk);
    await tpm.takeOwnership({ lockout: 'secret' });
    expect(await tpm.clearAsOwner('secret')).toEqual(done);
    expect(await tpm.clearAsOwner()).toEqual(done);
  });

  test('rejects commands after its process has ended', async () => {
    await process.stop();
    await expect(tpm.endorsementKey()).rejects.toThrow('swtpm has ended');
    await powerOn();
  });
});
