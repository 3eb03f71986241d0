import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../../core/random.ts';
import { SkewedClock, VirtualClock } from '../../../core/time/clock.ts';
import { done } from '../../../core/result.ts';
import { Device } from '../../../sim/devices/device.ts';
import type { DeviceTraits } from '../../../sim/devices/device-traits.ts';
import { TpmChip } from '../../../sim/devices/tpm-chip.ts';
import type { Flash } from '../../../sim/devices/flash.ts';
import { KeyStoreDestroyed } from '../../../sim/key-stores/key-store-destroyed.ts';
import { SoftwareKeys } from '../../../sim/key-stores/software-keys.ts';
import { openRunDirectory } from '../../../sim/tpm/state-dirs.ts';
import { swtpmMissing } from '../swtpm-present.ts';

const directory = openRunDirectory();
const chips: TpmChip[] = [];
afterAll(async () => {
  for (const chip of chips) await chip.retire();
  directory.close();
});

function makeChip(): TpmChip {
  const chip = new TpmChip(directory.subdirectory('chip'), 'sdk');
  chips.push(chip);
  return chip;
}

const config = { idScope: '0ne00000001', endpoint: 'global.azure-devices-provisioning.net' };
const certificate = { leaf: Buffer.from('leaf'), chainPem: 'chain', keyPem: 'key' };
const place = { hub: 'hub-eu.azure-devices.net', deviceId: 'it' };

function build(traits: Partial<DeviceTraits> = {}, flash: Flash = { config, certificate }, tpm?: TpmChip) {
  const clock = new VirtualClock(0);
  const device = new Device(
    {
      name: 'it',
      attestation: 'x509',
      transport: 'mqtt',
      boot: 'hub-first',
      ntp: false,
      checksServerValidity: true,
      retry: 'none',
      credential: 'own',
      csrName: undefined,
      clock: new SkewedClock(clock),
      random: new Random('it'),
      namedByChip: false,
      keyStore: 'file',
      keys: new SoftwareKeys(),
      ...traits,
    },
    { registrationId: 'it', trustStore: [], flash, tpm },
  );
  const kinds: string[] = [];
  device.subscribe(({ kind }) => kinds.push(kind));
  return { device, kinds };
}

describe('the flash of a device', () => {
  test('changes only in the parts that are written: `undefined` erases a part, and omitted parts stay', () => {
    const { device, kinds } = build();
    device.writeFlash({ certificate: undefined, symmetricKey: Buffer.from('key') });
    expect(device.flash).toEqual({ config, symmetricKey: Buffer.from('key') });
    expect(kinds).toEqual(['flash-written']);
  });

  test('holds no credential after its key store is lost, and the lost store refuses to make or store a key', async () => {
    const { device, kinds } = build({}, { config, certificate, spare: certificate, issued: certificate });
    await device.loseKeyStore();
    expect(device.flash).toEqual({ config });
    expect(kinds).toEqual(['flash-written']);
    await expect(device.keys.makeKeyPair('P-256')).rejects.toThrow(KeyStoreDestroyed);
    await expect(device.keys.keepSymmetricKey(Buffer.alloc(8))).rejects.toThrow(KeyStoreDestroyed);
  });

  test('has only the configuration after a board replacement, and no assigned hub', () => {
    const { device, kinds } = build();
    device.assign(place);
    device.replaceBoard(undefined);
    expect([device.flash, device.assigned]).toEqual([{ config }, undefined]);
    expect(kinds).toEqual(['hub-assigned', 'flash-written']);
  });
});

describe('a copy of a device that tries another certificate', () => {
  test('starts with the state of the device, and neither changes the device nor notifies its subscribers', () => {
    const { device, kinds } = build();
    device.planPowerCut({ moment: 'after-assignment' });
    device.setOffline(true);
    const next = { ...certificate, keyPem: 'next' };
    const trial = device.trialWith({ certificate: next });
    expect(trial).toMatchObject({ name: 'it', isOffline: true, powerCut: { moment: 'after-assignment' } });
    trial.writeFlash({ issued: next });
    trial.assign(place);
    expect(trial.flash).toEqual({ config, certificate: next, issued: next });
    expect([device.flash, device.assigned, kinds]).toEqual([{ config, certificate }, undefined, []]);
  });
});

describe('the clock of a device', () => {
  test.each([
    [false, 5000],
    [true, 0],
  ])('with an empty battery and `ntp: %s` starts with the time %i ms', (ntp, expected) => {
    const { device } = build({ ntp });
    device.drainClock(5000);
    device.startClock();
    expect(device.clock.now()).toBe(expected);
  });
});

describe('a device without a TPM', () => {
  test('is not changed by the TPM methods, and its TPM clear fails', async () => {
    const { device, kinds } = build();
    expect(await device.clearTpm()).toMatchObject({ ok: false, failure: { sentence: 'the device has no TPM' } });
    await device.replaceEndorsementSeed();
    await device.loseTpm();
    expect([device.flash, kinds]).toEqual([{ config, certificate }, []]);
  });
});

describe.skipIf(swtpmMissing)('a device with a TPM', () => {
  const tpmDevice = () => build({ attestation: 'tpm', keyStore: 'tpm' }, { config }, makeChip());
  const endorsementKey = (device: Device) => device.tpm?.use((tpm) => tpm.endorsementKey());

  test('reports a clear that the TPM accepts, and does not report a clear that the TPM refuses', async () => {
    const { device, kinds } = tpmDevice();
    await device.tpm?.use((tpm) => tpm.setHierarchyPassword('lockout', 'secret'));
    expect(await device.clearTpm('guess')).toMatchObject({ ok: false, failure: { command: 'Clear' } });
    expect(kinds).toEqual([]);
    expect(await device.clearTpm()).toEqual(done);
    expect(kinds).toEqual(['tpm-cleared']);
  });

  test('changes its endorsement key if its endorsement seed is replaced, and if the state of another TPM overwrites its TPM', async () => {
    const [{ device, kinds }, other] = [tpmDevice(), tpmDevice()];
    const before = await endorsementKey(device);
    await device.replaceEndorsementSeed();
    expect(await endorsementKey(device)).not.toEqual(before);
    if (other.device.tpm !== undefined) await device.overwriteTpm(other.device.tpm);
    expect(await endorsementKey(device)).toEqual(await endorsementKey(other.device));
    expect(kinds).toEqual(['endorsement-seed-replaced', 'tpm-overwritten']);
  });

  test('keeps the recorded endorsement key when its TPM is replaced', async () => {
    const { device, kinds } = tpmDevice();
    const noted = Buffer.from('noted');
    device.noteEndorsementKey(noted);
    const next = makeChip();
    device.replaceTpm(next);
    expect([device.tpm, device.notedEndorsementKey, kinds]).toEqual([next, noted, ['tpm-replaced']]);
  });

  test('cannot use its lost TPM, even through an object that was read before the loss', async () => {
    const { device, kinds } = tpmDevice();
    const lost = device.tpm;
    await device.loseTpm();
    expect(device.tpm).toBeUndefined();
    await expect(lost?.use((tpm) => tpm.endorsementKey())).rejects.toThrow('the TPM has lost its power for good');
    expect(kinds).toEqual(['flash-written', 'tpm-lost']);
  });
});
