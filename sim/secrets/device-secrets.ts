import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { Device } from '../devices/device.ts';
import type { DeviceChange, HubPlace } from '../devices/device-change.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import { keyStores } from '../key-stores/index.ts';
import { dpsSecretLocation } from './dps-secret-location.ts';
import type { Secret, SecretsLedger } from './secrets-ledger.ts';

/** Properties of a device that determine which secrets are in it. */
type Holder = Pick<Device, 'name' | 'attestation' | 'registrationId' | 'keyStore' | 'flash' | 'tpm'>;

/**
 * Keeps the secrets ledger up to date with the secrets in devices. It subscribes to the devices and reads their content after each change.
 * So a step that writes a key into a device need not call the ledger. If the ledger does not know a key, the device has made the key
 * itself.
 */
export class DeviceSecrets {
  readonly #ledger: SecretsLedger;
  readonly #hubKeys: FidelitySettings['tpmHubKey'];
  readonly #chips = new Map<TpmChip, ChipSecrets>();
  /** Marks of keys that were lost with a TPM while their certificates are still in the flash. */
  readonly #lost = new Set<unknown>();

  /**
   * @param hubKeys fidelity switch `tpmHubKey`: whether a device with a TPM keeps its hub key or gets a new one when it registers again.
   */
  constructor(ledger: SecretsLedger, hubKeys: FidelitySettings['tpmHubKey']) {
    this.#ledger = ledger;
    this.#hubKeys = hubKeys;
  }

  /** Records every later change of a device. Call `noteTpm` for the TPM that the device has now. */
  follow(device: Device): void {
    device.subscribe((change) => this.#note(device, change));
  }

  #note(device: Device, change: DeviceChange): void {
    switch (change.kind) {
      case 'flash-written':
        this.#noteFlash(device);
        return;
      case 'tpm-replaced':
      case 'tpm-lost':
        this.noteTpm(device);
        return;
      case 'endorsement-seed-replaced':
        this.#keep(device, change.chip, { ...this.#chips.get(change.chip), seed: this.#freshSeed(device.name) });
        return;
      case 'tpm-cleared':
        this.#loseKeys(device);
        this.#keep(device, change.chip, { seed: this.#chips.get(change.chip)?.seed });
        return;
      case 'tpm-overwritten':
        this.#loseKeys(device);
        this.#keep(device, change.chip, this.#chips.get(change.original) ?? {});
        return;
      case 'hub-assigned':
        this.#noteHubKey(device, change.place);
    }
  }

  /** Records the TPM that is in a device now. Keys in a previous TPM are lost. A new TPM has a seed that no other party has. */
  noteTpm(device: Holder): void {
    const { tpm: chip } = device;
    this.#loseKeys(device);
    this.#keep(device, chip, chip && (this.#chips.get(chip) ?? { seed: this.#freshSeed(device.name) }));
  }

  /** Records that a TPM outside of every device has the same content as `original`. */
  copiedOut(chip: TpmChip, original: TpmChip): void {
    this.#chips.set(chip, this.#chips.get(original) ?? {});
  }

  /** Returns the hub key that a TPM receives with a registration. */
  hubKey({ hub, deviceId }: HubPlace): Secret {
    const name = this.#hubKeys === 'carry' ? `hub key of ${deviceId}` : `hub key of ${deviceId} at ${hub}`;
    return this.#hubKeys === 'roll'
      ? this.#ledger.create('hub-key', name, name)
      : this.#ledger.findOrCreate(name, 'hub-key', name);
  }

  /** Returns the endorsement seed and the hub key in a TPM. */
  inChip(chip: TpmChip): readonly (Secret | undefined)[] {
    const { seed, hubKey } = this.#chips.get(chip) ?? {};
    return [seed, hubKey];
  }

  #noteFlash({ name, keyStore, flash }: Holder): void {
    const { certificate, spare, issued, symmetricKey } = flash;
    const isHere = (material: unknown): boolean => material !== undefined && !this.#lost.has(material);
    const pairs = [certificate, spare, issued].map(keyMaterial).filter(isHere);
    const sealed = keyStores[keyStore].signsInside ? { sealed: true as const } : {};
    this.#ledger.setContent({ party: 'device', place: name, label: 'flash', ...sealed }, [
      ...pairs.map((key) => this.#ledger.findOrCreate(key, 'private-key', `private key of ${name}`)),
      isHere(symmetricKey)
        ? this.#ledger.findOrCreate(symmetricKey, 'symmetric-key', `symmetric key of ${name}`)
        : undefined,
    ]);
  }

  /** Records the hub key in the TPM, at DPS and at the hub. The services made the key, so they have it too. */
  #noteHubKey(device: Holder, place: HubPlace): void {
    const { tpm: chip, attestation, registrationId = device.name } = device;
    if (attestation !== 'tpm' || chip === undefined) return;
    const hubKey = this.hubKey(place);
    const label = `registration ${registrationId}`;
    this.#ledger.setContent(dpsSecretLocation(label), [hubKey]);
    this.#ledger.setContent({ party: 'cloud-operator', place: place.hub, label }, [hubKey]);
    this.#keep(device, chip, { ...this.#chips.get(chip), hubKey });
  }

  #freshSeed(device: string): Secret {
    return this.#ledger.create('tpm-seed', `endorsement seed of ${device}`, Symbol(device));
  }

  #keep({ name }: Holder, chip: TpmChip | undefined, secrets: ChipSecrets | undefined): void {
    if (chip !== undefined && secrets !== undefined) this.#chips.set(chip, secrets);
    const held = chip === undefined ? [] : this.inChip(chip);
    const isFile = chip?.kind === 'software';
    const own = { party: 'device', place: name } as const;
    // A hardware TPM seals its secrets. The state of a software TPM is a readable file.
    this.#ledger.setContent({ ...own, label: 'chip', sealed: true }, isFile ? [] : held);
    this.#ledger.setContent({ ...own, label: 'software TPM' }, isFile ? held : []);
  }

  #loseKeys(device: Holder): void {
    if (device.keyStore !== 'tpm') return;
    const { certificate, spare, issued, symmetricKey } = device.flash;
    for (const material of [...[certificate, spare, issued].map(keyMaterial), symmetricKey]) {
      if (material !== undefined) this.#lost.add(material);
    }
    this.#noteFlash(device);
  }
}

/** The secrets in a TPM. */
interface ChipSecrets {
  readonly seed?: Secret | undefined;
  readonly hubKey?: Secret | undefined;
}

/** Returns the mark by which the ledger finds the private key of a certificate. */
export function keyMaterial(certificate: InstalledCertificate | undefined): unknown {
  if (certificate === undefined) return undefined;
  return 'keyPem' in certificate ? certificate.keyPem : certificate.held;
}
