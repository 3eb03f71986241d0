import { defined } from '../../core/defined.ts';
import { done } from '../../core/result.ts';
import type { Millis } from '../../core/time/clock.ts';
import { refusedByTpm, type TpmResult } from '../tpm/command.ts';
import type { DeviceChange, HubPlace } from './device-change.ts';
import type { DeviceTraits } from './device-traits.ts';
import { erasedCredentials, type Flash, type FlashParts } from './flash.ts';
import type { HubConnection } from '../transports/mqtt/hub-connection.ts';
import type { PowerCut } from './power-cut.ts';
import type { TpmChip } from './tpm-chip.ts';

/** State of a device at its first instant. */
export interface InitialDeviceState {
  readonly tpm?: TpmChip | undefined;
  /** Undefined until the endorsement key that names the device is read. */
  readonly registrationId: string | undefined;
  /** DER of the roots by which the device trusts servers. */
  readonly trustStore: readonly Buffer[];
  readonly flash: Flash;
  readonly assigned?: HubPlace | undefined;
}

/**
 * A simulated device. Its state changes only by the methods of this class, and subscribers learn of every change that concerns
 * its secrets.
 */
export class Device implements DeviceTraits {
  readonly name: DeviceTraits['name'];
  readonly attestation: DeviceTraits['attestation'];
  readonly transport: DeviceTraits['transport'];
  readonly boot: DeviceTraits['boot'];
  readonly address: DeviceTraits['address'];
  readonly tokenLifetime: DeviceTraits['tokenLifetime'];
  readonly ntp: DeviceTraits['ntp'];
  readonly checksServerValidity: DeviceTraits['checksServerValidity'];
  readonly trustsAnyone: DeviceTraits['trustsAnyone'];
  readonly retry: DeviceTraits['retry'];
  readonly credential: DeviceTraits['credential'];
  readonly csrName: DeviceTraits['csrName'];
  readonly clock: DeviceTraits['clock'];
  readonly random: DeviceTraits['random'];
  readonly namedByChip: DeviceTraits['namedByChip'];
  readonly keyStore: DeviceTraits['keyStore'];
  readonly keys: DeviceTraits['keys'];
  readonly by: DeviceTraits['by'];
  readonly renewal: DeviceTraits['renewal'];
  readonly lacks: DeviceTraits['lacks'];
  readonly #subscribers: ((change: DeviceChange) => void)[] = [];
  #tpm: TpmChip | undefined;
  #registrationId: string | undefined;
  #trustStore: readonly Buffer[];
  #flash: Flash;
  #assigned: HubPlace | undefined;
  #powerCut: PowerCut | undefined;
  #clockRestartsAt: Millis | undefined;
  #notedCertificate: Buffer | undefined;
  #notedEndorsementKey: Buffer | undefined;
  #hubConnection: HubConnection | undefined;
  #lastAnswer: string | undefined;
  #isOffline = false;

  constructor(traits: DeviceTraits, state: InitialDeviceState) {
    this.name = traits.name;
    this.attestation = traits.attestation;
    this.transport = traits.transport;
    this.boot = traits.boot;
    this.address = traits.address;
    this.tokenLifetime = traits.tokenLifetime;
    this.ntp = traits.ntp;
    this.checksServerValidity = traits.checksServerValidity;
    this.trustsAnyone = traits.trustsAnyone;
    this.retry = traits.retry;
    this.credential = traits.credential;
    this.csrName = traits.csrName;
    this.clock = traits.clock;
    this.random = traits.random;
    this.namedByChip = traits.namedByChip;
    this.keyStore = traits.keyStore;
    this.keys = traits.keys;
    this.by = traits.by;
    this.renewal = traits.renewal;
    this.lacks = traits.lacks;
    this.#tpm = state.tpm;
    this.#registrationId = state.registrationId;
    this.#trustStore = state.trustStore;
    this.#flash = state.flash;
    this.#assigned = state.assigned;
  }

  /** Calls `subscriber` after every later change that concerns secrets. */
  subscribe(subscriber: (change: DeviceChange) => void): void {
    this.#subscribers.push(subscriber);
  }

  /**
   * Returns a device with the same state but other flash parts, to try a credential. Changes of it change nothing here and reach
   * no subscriber.
   */
  trialWith(parts: FlashParts): Device {
    const trial = new Device(this, {
      tpm: this.#tpm,
      registrationId: this.#registrationId,
      trustStore: this.#trustStore,
      flash: written(this.#flash, parts),
      assigned: this.#assigned,
    });
    trial.#powerCut = this.#powerCut;
    trial.#isOffline = this.#isOffline;
    return trial;
  }

  get flash(): Flash {
    return this.#flash;
  }

  /** Writes parts of the flash. */
  writeFlash(parts: FlashParts): void {
    this.#flash = written(this.#flash, parts);
    this.#report({ kind: 'flash-written' });
  }

  /** Undefined if the device was built without a TPM or has lost it. */
  get tpm(): TpmChip | undefined {
    return this.#tpm;
  }

  /** Puts a TPM into the place of the former one. */
  replaceTpm(chip: TpmChip): void {
    this.#tpm = chip;
    this.keys.replaceChip?.(chip);
    this.#report({ kind: 'tpm-replaced', chip });
  }

  /** Loses its TPM for good, with every key in it. Does nothing without a TPM. */
  async loseTpm(): Promise<void> {
    const chip = this.#tpm;
    if (chip === undefined) return;
    this.#tpm = undefined;
    // The registration ID of a lost TPM cannot be computed any more.
    this.#registrationId ??= this.name;
    await chip.retire();
    if (this.keyStore === 'tpm') await this.#loseKeys();
    this.#report({ kind: 'tpm-lost' });
  }

  /** Loses its key store for good, with every key in it; the store `tpm` is the whole TPM. */
  async loseKeyStore(): Promise<void> {
    if (this.keyStore === 'tpm') await this.loseTpm();
    else await this.#loseKeys();
  }

  async #loseKeys(): Promise<void> {
    await this.keys.destroy();
    this.writeFlash(erasedCredentials);
  }

  /**
   * Gets a new board: no credential, no assignment, and another TPM if there was one.
   *
   * @param chip the TPM of the new board.
   */
  replaceBoard(chip: TpmChip | undefined): void {
    if (chip !== undefined) this.replaceTpm(chip);
    this.writeFlash(erasedCredentials);
    this.#assigned = undefined;
  }

  /**
   * Clears the TPM (TPM2_Clear): the endorsement seed stays, everything else is lost.
   *
   * @param lockoutPassword for the command of an operating system. Default: the command of the firmware, which needs none.
   */
  async clearTpm(lockoutPassword?: string): Promise<TpmResult<undefined>> {
    const chip = this.#tpm;
    if (chip === undefined) return refusedByTpm('Clear', 0, 'the device has no TPM');
    const cleared = await chip.use(async (tpm): Promise<TpmResult<undefined>> => {
      if (lockoutPassword !== undefined) return tpm.clearAsOwner(lockoutPassword);
      await tpm.clear();
      return done;
    });
    if (cleared.ok) this.#report({ kind: 'tpm-cleared', chip });
    return cleared;
  }

  /**
   * Replaces the endorsement seed of the TPM (TPM2_ChangeEPS). Does nothing without a TPM.
   *
   * @throws UnexpectedTpmFailure if the TPM refuses.
   */
  async replaceEndorsementSeed(): Promise<void> {
    const chip = this.#tpm;
    if (chip === undefined) return;
    await chip.use((tpm) => tpm.rollEndorsementSeed());
    this.#report({ kind: 'endorsement-seed-replaced', chip });
  }

  /** Overwrites the state of the TPM with the state of `original`. Does nothing without a TPM. */
  async overwriteTpm(original: TpmChip): Promise<void> {
    const chip = this.#tpm;
    if (chip === undefined) return;
    await chip.becomeCopyOf(original);
    this.#report({ kind: 'tpm-overwritten', chip, original });
  }

  /** The hub that the device was last assigned to. */
  get assigned(): HubPlace | undefined {
    return this.#assigned;
  }

  assign(place: HubPlace): void {
    this.#assigned = place;
    this.#report({ kind: 'hub-assigned', place });
  }

  /** Undefined until it is known. */
  get registrationId(): string | undefined {
    return this.#registrationId;
  }

  useRegistrationId(id: string | undefined): void {
    this.#registrationId = id;
  }

  /** DER of the roots by which the device trusts servers. */
  get trustStore(): readonly Buffer[] {
    return this.#trustStore;
  }

  trust(roots: readonly Buffer[]): void {
    this.#trustStore = roots;
  }

  /** Point of its next attempt at which its power fails. */
  get powerCut(): PowerCut | undefined {
    return this.#powerCut;
  }

  planPowerCut(cut: PowerCut | undefined): void {
    this.#powerCut = cut;
  }

  /** Drains the battery of the clock, which starts at `restartsAt` from now on. */
  drainClock(restartsAt: Millis): void {
    this.#clockRestartsAt = restartsAt;
  }

  /** Starts the clock: without a battery at a fixed instant, with NTP at the true time. */
  startClock(): void {
    if (this.#clockRestartsAt !== undefined) this.clock.set(this.#clockRestartsAt);
    if (this.ntp) this.clock.synchronise();
  }

  /** DER of the certificate that the factory read out of the device and noted for enrollment. */
  get notedCertificate(): Buffer | undefined {
    return this.#notedCertificate;
  }

  noteCertificate(leaf: Buffer): void {
    this.#notedCertificate = leaf;
  }

  /** TPM2B_PUBLIC that the factory read out of a TPM of the device and noted for enrollment; a later TPM does not change it. */
  get notedEndorsementKey(): Buffer | undefined {
    return this.#notedEndorsementKey;
  }

  noteEndorsementKey(publicArea: Buffer): void {
    this.#notedEndorsementKey = publicArea;
  }

  /** The connection to the hub that the device keeps open; the hub may have ended it. */
  get hubConnection(): HubConnection | undefined {
    return this.#hubConnection;
  }

  keepHubConnection(connection: HubConnection | undefined): void {
    this.#hubConnection = connection;
  }

  /** The token by which the device answered the last challenge of DPS, as an eavesdropper would record it. */
  get lastAnswer(): string | undefined {
    return this.#lastAnswer;
  }

  noteAnswer(token: string | undefined): void {
    this.#lastAnswer = token;
  }

  /** True while the device has no network. */
  get isOffline(): boolean {
    return this.#isOffline;
  }

  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
  }

  #report(change: DeviceChange): void {
    for (const subscriber of this.#subscribers) subscriber(change);
  }
}

function written(flash: Flash, parts: FlashParts): Flash {
  return defined({ ...flash, ...parts });
}
