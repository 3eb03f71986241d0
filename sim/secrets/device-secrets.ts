import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { Device, InstalledCertificate } from '../devices/device.ts';
import type { TpmChip } from '../devices/tpm-chip.ts';
import { dpsSecretLocation } from './dps-secret-location.ts';
import { keyStores } from '../key-stores/index.ts';
import type { Secret, SecretsLedger } from './secrets-ledger.ts';

/** What the ledger has to know of a device. */
type Holder = Pick<Device, 'name' | 'keyStore' | 'flash' | 'tpm'>;

/**
 * Notes which secrets are in devices, by looking at what is in them: whatever writes a key into a device need not say so. A
 * key that nobody has known before was made in the device.
 */
export class DeviceSecrets {
  readonly #ledger: SecretsLedger;
  readonly #hubKeys: FidelitySettings['tpmHubKey'];
  readonly #chips = new Map<TpmChip, ChipSecrets>();
  /** What keys were known by that went with the chip that held them. */
  readonly #lost = new Set<unknown>();

  /** @param hubKeys how the service deals with the key of a device with a TPM that registers again. */
  constructor(ledger: SecretsLedger, hubKeys: FidelitySettings['tpmHubKey']) {
    this.#ledger = ledger;
    this.#hubKeys = hubKeys;
  }

  /** The memory of a device is another one from here on. */
  flashed({ name, keyStore, flash }: Holder): void {
    const { certificate, spare, issued, symmetricKey } = flash;
    const isHere = (material: unknown): boolean => material !== undefined && !this.#lost.has(material);
    const pairs = [certificate, spare, issued].map(keyMaterial).filter(isHere);
    const sealed = keyStores[keyStore].signsInside ? { sealed: true as const } : {};
    this.#ledger.lay({ party: 'device', place: name, label: 'flash', ...sealed }, [
      ...pairs.map((key) => this.#ledger.ofOrFresh(key, 'private-key', `private key of ${name}`)),
      isHere(symmetricKey)
        ? this.#ledger.ofOrFresh(symmetricKey, 'symmetric-key', `symmetric key of ${name}`)
        : undefined,
    ]);
  }

  /** Another chip is in a device from here on, with seeds of its own. Keys that were in the former one are gone with it. */
  chipChanged(device: Holder): void {
    const chip = device.tpm;
    if (chip === undefined) return;
    this.#loseKeys(device);
    this.#keep(device, chip, this.#chips.get(chip) ?? { seed: this.#freshSeed(device.name) });
  }

  /** TPM2_ChangeEPS: the chip has another endorsement seed. */
  rolled(device: Holder, chip: TpmChip): void {
    this.#keep(device, chip, { ...this.#chips.get(chip), seed: this.#freshSeed(device.name) });
  }

  /** TPM2_Clear: the endorsement seed stays, and nothing else does. */
  cleared(device: Holder, chip: TpmChip): void {
    this.#loseKeys(device);
    const { seed } = this.#chips.get(chip) ?? {};
    this.#keep(device, chip, { seed });
  }

  /** The chip of a device holds what the one of another holds. */
  copied(device: Holder, chip: TpmChip, original: TpmChip): void {
    this.#loseKeys(device);
    this.#keep(device, chip, this.#chips.get(original) ?? {});
  }

  /** A chip that is in no device holds what another one holds. */
  copiedOut(chip: TpmChip, original: TpmChip): void {
    this.#chips.set(chip, this.#chips.get(original) ?? {});
  }

  /** A device with a TPM was let into service: the key for its hub is in its chip now, and with those who made it. */
  assigned(device: Holder & Pick<Device, 'attestation' | 'assigned' | 'registrationId'>): void {
    const { tpm: chip, assigned: place } = device;
    if (device.attestation !== 'tpm' || chip === undefined || place === undefined) return;
    const hubKey = this.hubKey(place);
    const label = `registration ${device.registrationId ?? device.name}`;
    this.#ledger.lay(dpsSecretLocation(label), [hubKey]);
    this.#ledger.lay({ party: 'cloud-operator', place: place.hub, label }, [hubKey]);
    this.#keep(device, chip, { ...this.#chips.get(chip), hubKey });
  }

  /** The key that comes with a registration. */
  hubKey({ hub, deviceId }: NonNullable<Device['assigned']>): Secret {
    const name = this.#hubKeys === 'carry' ? `hub key of ${deviceId}` : `hub key of ${deviceId} at ${hub}`;
    return this.#hubKeys === 'roll'
      ? this.#ledger.fresh('hub-key', name, name)
      : this.#ledger.ofOrFresh(name, 'hub-key', name);
  }

  /** What is in a chip. */
  inChip(chip: TpmChip): readonly (Secret | undefined)[] {
    const { seed, hubKey } = this.#chips.get(chip) ?? {};
    return [seed, hubKey];
  }

  #freshSeed(device: string): Secret {
    return this.#ledger.fresh('tpm-seed', `endorsement seed of ${device}`, Symbol(device));
  }

  #keep({ name }: Holder, chip: TpmChip, secrets: ChipSecrets): void {
    this.#chips.set(chip, secrets);
    const isFile = chip.kind === 'software';
    const own = { party: 'device', place: name } as const;
    // A chip seals what it holds; the state of a software TPM is a file.
    this.#ledger.lay({ ...own, label: 'chip', sealed: true }, isFile ? [] : this.inChip(chip));
    this.#ledger.lay({ ...own, label: 'software TPM' }, isFile ? this.inChip(chip) : []);
  }

  #loseKeys(device: Holder): void {
    if (device.keyStore !== 'tpm') return;
    for (const material of [keyMaterial(device.flash.certificate), device.flash.symmetricKey]) {
      if (material !== undefined) this.#lost.add(material);
    }
    this.flashed(device);
  }
}

/** What of a TPM is a secret of its own: made in it, or brought into it. */
interface ChipSecrets {
  readonly seed?: Secret | undefined;
  readonly hubKey?: Secret | undefined;
}

/** What the key of a certificate is known by. */
export function keyMaterial(certificate: InstalledCertificate | undefined): unknown {
  if (certificate === undefined) return undefined;
  return 'keyPem' in certificate ? certificate.keyPem : certificate.held;
}
