import { defined } from '../../core/defined.ts';
import { done } from '../../core/result.ts';
import type { Millis } from '../../core/time/clock.ts';
import { refusedByTpm, type TpmResult } from '../tpm/command.ts';
import type { DeviceChange, HubPlace } from './device-change.ts';
import type { DeviceTraits } from './device-traits.ts';
import { erasedCredentials, type Flash, type FlashParts } from './flash.ts';
import type { HubConnection } from '../transports/mqtt/hub-connection.ts';
import type { UpdateId } from '../../core/cloud/device-updates.ts';
import type { PowerCut } from './power-cut.ts';
import type { RetryMode } from './retry.ts';
import type { TpmChip } from './tpm-chip.ts';

/** An update of the firmware. */
interface InstalledUpdate {
  readonly id: UpdateId;
  readonly retry: RetryMode | undefined;
}

/** State of a device at its creation. */
export interface InitialDeviceState {
  readonly tpm?: TpmChip | undefined;
  /** Template of the endorsement key of a lost TPM. Default: the template of `tpm`. */
  readonly ekTemplate?: TpmChip['ekTemplate'] | undefined;
  /** Undefined if the registration ID derives from an endorsement key that the factory has not read yet. */
  readonly registrationId: string | undefined;
  /** Root certificates (DER) that the device trusts when it verifies a server. */
  readonly trustStore: readonly Buffer[];
  readonly flash: Flash;
  readonly assigned?: HubPlace | undefined;
}

/** A simulated device. Only the methods of this class change its state. Subscribers learn of every change to its secrets. */
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
  readonly tls: DeviceTraits['tls'];
  readonly #retryOfFactory: DeviceTraits['retry'];
  readonly updatesFirst: DeviceTraits['updatesFirst'];
  readonly tries: DeviceTraits['tries'];
  readonly credential: DeviceTraits['credential'];
  readonly apiVersion: DeviceTraits['apiVersion'];
  readonly csrName: DeviceTraits['csrName'];
  readonly clock: DeviceTraits['clock'];
  readonly random: DeviceTraits['random'];
  readonly namedByChip: DeviceTraits['namedByChip'];
  readonly keyStore: DeviceTraits['keyStore'];
  readonly keys: DeviceTraits['keys'];
  readonly by: DeviceTraits['by'];
  readonly renewal: DeviceTraits['renewal'];
  readonly lacks: DeviceTraits['lacks'];
  /**
   * Template of the endorsement key of the TPMs of this device, also after the loss of a TPM; undefined if the device was built without a
   * TPM.
   */
  readonly ekTemplate: TpmChip['ekTemplate'] | undefined;
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
  #isDirect: DeviceTraits['isDirect'];
  #update: InstalledUpdate | undefined;

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
    this.tls = traits.tls;
    this.#retryOfFactory = traits.retry;
    this.updatesFirst = traits.updatesFirst;
    this.tries = traits.tries;
    this.#isDirect = traits.isDirect;
    this.credential = traits.credential;
    this.apiVersion = traits.apiVersion;
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
    this.ekTemplate = state.ekTemplate ?? state.tpm?.ekTemplate;
    this.#registrationId = state.registrationId;
    this.#trustStore = state.trustStore;
    this.#flash = state.flash;
    this.#assigned = state.assigned;
  }

  /** Calls `subscriber` after every later change to the secrets of the device. */
  subscribe(subscriber: (change: DeviceChange) => void): void {
    this.#subscribers.push(subscriber);
  }

  /**
   * Returns a copy of the device with other flash parts, to try a credential. Changes to the copy do not change this device and reach no
   * subscriber.
   */
  trialWith(parts: FlashParts): Device {
    const trial = new Device(this, {
      tpm: this.#tpm,
      ekTemplate: this.ekTemplate,
      registrationId: this.#registrationId,
      trustStore: this.#trustStore,
      flash: written(this.#flash, parts),
      assigned: this.#assigned,
    });
    trial.#update = this.#update;
    trial.#powerCut = this.#powerCut;
    trial.#isOffline = this.#isOffline;
    return trial;
  }

  /** The retry mode of the installed update. Default: the retry mode of the firmware from the factory. */
  get retry(): RetryMode {
    return this.#update?.retry ?? this.#retryOfFactory;
  }

  /** The ID of the installed update; undefined if the device has the firmware from the factory. */
  get installedUpdate(): UpdateId | undefined {
    return this.#update?.id;
  }

  /** @param retry the retry mode of the new firmware; undefined if the update does not change the retry mode. */
  installUpdate(id: UpdateId, retry: RetryMode | undefined): void {
    this.#update = { id, retry };
  }

  get flash(): Flash {
    return this.#flash;
  }

  writeFlash(parts: FlashParts): void {
    this.#flash = written(this.#flash, parts);
    this.#report({ kind: 'flash-written' });
  }

  /** The TPM; undefined if the device was built without one or has lost it. */
  get tpm(): TpmChip | undefined {
    return this.#tpm;
  }

  /** Replaces the TPM with a new TPM. Also gives a new TPM to a device that lost its TPM. */
  replaceTpm(chip: TpmChip): void {
    this.#tpm = chip;
    // A new TPM makes only the key store `tpm` usable again. A lost key store of another kind stays lost.
    if (this.keyStore === 'tpm') this.keys.replaceChip?.(chip);
    this.#report({ kind: 'tpm-replaced', chip });
  }

  /** Removes the TPM permanently, with every key in it. Does nothing if the device has no TPM. */
  async loseTpm(): Promise<void> {
    const chip = this.#tpm;
    if (chip === undefined) return;
    this.#tpm = undefined;
    // The registration ID derives from the endorsement key. A device that loses its TPM before it has computed this ID gets its name as the
    // registration ID.
    this.#registrationId ??= this.name;
    await chip.retire();
    if (this.keyStore === 'tpm') await this.#loseKeys();
    this.#report({ kind: 'tpm-lost' });
  }

  /** Destroys the key store permanently, with every key in it. If the key store is `tpm`, the device loses the whole TPM. */
  async loseKeyStore(): Promise<void> {
    if (this.keyStore === 'tpm') await this.loseTpm();
    else await this.#loseKeys();
  }

  async #loseKeys(): Promise<void> {
    await this.keys.destroy();
    this.writeFlash(erasedCredentials);
  }

  /**
   * Replaces the board: the device loses its credential and its assignment. A device that was built with a TPM gets another TPM.
   * @param chip the TPM of the new board.
   */
  replaceBoard(chip: TpmChip | undefined): void {
    if (chip !== undefined) this.replaceTpm(chip);
    this.writeFlash(erasedCredentials);
    this.#assigned = undefined;
  }

  /**
   * Clears the TPM (TPM2_Clear). Only the endorsement seed stays.
   * @param lockoutPassword password with which an operating system authorizes the command. Default: the firmware sends the command and
   * needs no password.
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

  /** Copies the state of `original` over the state of the TPM. Does nothing if the device has no TPM. */
  async overwriteTpm(original: TpmChip): Promise<void> {
    const chip = this.#tpm;
    if (chip === undefined) return;
    await chip.becomeCopyOf(original);
    this.#report({ kind: 'tpm-overwritten', chip, original });
  }

  /** The hub to which DPS last assigned the device. */
  get assigned(): HubPlace | undefined {
    return this.#assigned;
  }

  assign(place: HubPlace): void {
    this.#assigned = place;
    this.#report({ kind: 'hub-assigned', place });
  }

  /** The registration ID; undefined until the device knows it. */
  get registrationId(): string | undefined {
    return this.#registrationId;
  }

  useRegistrationId(id: string | undefined): void {
    this.#registrationId = id;
  }

  /** Root certificates (DER) that the device trusts when it verifies a server. */
  get trustStore(): readonly Buffer[] {
    return this.#trustStore;
  }

  trust(roots: readonly Buffer[]): void {
    this.#trustStore = roots;
  }

  /** Point of the next attempt at which the power fails; undefined if no power cut is planned. */
  get powerCut(): PowerCut | undefined {
    return this.#powerCut;
  }

  planPowerCut(cut: PowerCut | undefined): void {
    this.#powerCut = cut;
  }

  /** Drains the battery of the real-time clock. From now on, each start sets the clock to `restartsAt`. */
  drainClock(restartsAt: Millis): void {
    this.#clockRestartsAt = restartsAt;
  }

  /**
   * Sets the clock when the device starts: to a fixed instant if its battery is empty, and then to the true time if the device uses NTP.
   */
  startClock(): void {
    if (this.#clockRestartsAt !== undefined) this.clock.set(this.#clockRestartsAt);
    if (this.ntp) this.clock.synchronise();
  }

  /** The certificate (DER) that the factory read out of the device and recorded for the enrollment. */
  get notedCertificate(): Buffer | undefined {
    return this.#notedCertificate;
  }

  noteCertificate(leaf: Buffer): void {
    this.#notedCertificate = leaf;
  }

  /** TPM2B_PUBLIC of the endorsement key that the factory read and recorded for the enrollment. A later TPM does not change it. */
  get notedEndorsementKey(): Buffer | undefined {
    return this.#notedEndorsementKey;
  }

  noteEndorsementKey(publicArea: Buffer): void {
    this.#notedEndorsementKey = publicArea;
  }

  /** The connection to the hub that the device has not closed. The hub may have ended this connection. */
  get hubConnection(): HubConnection | undefined {
    return this.#hubConnection;
  }

  keepHubConnection(connection: HubConnection | undefined): void {
    this.#hubConnection = connection;
  }

  /** The token that answered the last DPS challenge, as an eavesdropper would record it. */
  get lastAnswer(): string | undefined {
    return this.#lastAnswer;
  }

  noteAnswer(token: string | undefined): void {
    this.#lastAnswer = token;
  }

  /** True while the device calls the services without connections. */
  get isDirect(): boolean | undefined {
    return this.#isDirect;
  }

  /** Runs `work`, during which the device calls the services without connections. */
  async withoutConnections<T>(work: () => Promise<T>): Promise<T> {
    const usual = this.#isDirect;
    this.#isDirect = true;
    try {
      return await work();
    } finally {
      this.#isDirect = usual;
    }
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
