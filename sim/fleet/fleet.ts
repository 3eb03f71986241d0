import { countedDraw } from '../../core/counted-draw.ts';
import type { Transport } from '../../core/history/events.ts';
import { succeeded, type Result } from '../../core/result.ts';
import type { Validity } from '../../core/rules/is-valid-at.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { Device } from '../devices/device.ts';
import type { InstalledCertificate } from '../devices/flash.ts';
import type { RetryMode } from '../devices/retry.ts';
import type { DeviceSpec } from '../scenario/schema.ts';
import type { FleetWords } from '../scenario/words/fleet-words.ts';
import { FleetState } from './fleet-state.ts';

/** A part of a fleet: the devices with the indices from `first` up to `end`, which is excluded. */
export interface Cohort {
  readonly first: number;
  readonly end: number;
  readonly retry: RetryMode;
  readonly tries: number | undefined;
  readonly after: Millis;
  readonly starts: Millis;
}

/** The entry of a fleet under `devices`, with its seed. */
interface FleetSpec extends Pick<
  DeviceSpec,
  'attestation' | 'boot' | 'credential' | 'renewal' | 'retry' | 'tries' | 'registrationId'
> {
  readonly name: string;
  readonly size: number;
  readonly transport: Transport;
  readonly words: FleetWords;
  /** A seed of 32 bits. */
  readonly seed: number;
  /** Host names of all linked hubs. */
  readonly hubs: readonly string[];
  /** Creates the real device with an index. */
  readonly makeDevice: (fleet: Fleet, index: number) => Device;
  /** Makes certificates as the renewal of the devices does; undefined if the devices do not renew at a CA. */
  readonly renewAt: IssueCertificate | undefined;
}

/** Makes a certificate of a device with a new key, without installing it. */
export type IssueCertificate = (device: Device, validity: Validity) => Promise<InstalledCertificate>;

/** Registers a real device at the hub at which the simulation has registered it. */
type BringToHub = (device: Device) => Promise<Result<unknown>>;

/** Prepares one device as an earlier step prepared the whole fleet, for example with a key. */
export type Preparation = (device: Device) => Promise<void>;

/**
 * A simulated fleet. A device is only an index from 0, and its state is in arrays (docs: "simulated as numbers"). Real devices exist for the
 * samples only, with the same state as in the arrays.
 */
export class Fleet {
  readonly name: string;
  readonly size: number;
  readonly seed: number;
  readonly transport: Transport;
  readonly boot: DeviceSpec['boot'];
  readonly cohorts: readonly Cohort[];
  readonly hubs: readonly string[];
  readonly attestation: DeviceSpec['attestation'];
  readonly credential: DeviceSpec['credential'];
  readonly renewal: DeviceSpec['renewal'];
  #state: FleetState;
  #issue: IssueCertificate | undefined;
  readonly seededSamples: readonly number[];
  readonly renewAt: IssueCertificate | undefined;
  readonly #samples = new Map<number, Device>();
  readonly #preparations: Preparation[] = [];
  readonly #spec: FleetSpec;
  #steps = 0;

  constructor(spec: FleetSpec) {
    this.#spec = spec;
    const { name, size, seed, transport, boot, hubs, words } = spec;
    this.name = name;
    this.size = size;
    this.seed = seed;
    this.transport = transport;
    this.boot = boot;
    this.hubs = hubs;
    this.cohorts = cohortsOf(spec);
    this.attestation = spec.attestation;
    this.credential = spec.credential;
    this.renewal = spec.renewal;
    this.renewAt = spec.renewAt;
    this.#state = FleetState.initial(size, {
      certificates: spec.attestation === 'x509',
      issued: spec.credential === 'issued-by-dps',
      renewal: spec.renewal !== undefined,
    });
    this.seededSamples = seededSamples(seed, size, words.samples);
  }

  nameOf(index: number): string {
    return `${this.name}-${index + 1}`;
  }

  registrationIdOf(index: number): string {
    return `${this.#spec.registrationId ?? this.name}-${index + 1}`;
  }

  /** Returns the index of a registration ID of this fleet. */
  indexOf(registrationId: string): number {
    return Number(registrationId.slice(registrationId.lastIndexOf('-') + 1)) - 1;
  }

  /** Number of the current step of this fleet. Each step has other random start times. */
  get step(): number {
    return this.#steps;
  }

  countStep(): void {
    this.#steps++;
  }

  /** Returns the start of a device in the current step, in milliseconds from the start of the step. */
  startOf(index: number, { after, starts }: Cohort): Millis {
    return starts === 0 ? after : after + Math.floor(countedDraw(this.seed ^ startSalt, index, this.#steps) * starts);
  }

  /** The devices that exist as real devices, by index. */
  get samples(): ReadonlyMap<number, Device> {
    return this.#samples;
  }

  /** Runs a preparation for all devices: now for the real devices, and later for each device that becomes real. */
  async prepare(preparation: Preparation): Promise<void> {
    for (const index of this.seededSamples) await this.sample(index);
    this.#preparations.push(preparation);
    for (const device of this.#samples.values()) await preparation(device);
  }

  /** Removes the real devices that did not run a step, because they lack the changes that the simulation has made. */
  keepOnly(indices: ReadonlySet<number>): void {
    for (const index of this.#samples.keys()) if (!indices.has(index)) this.#samples.delete(index);
  }

  /**
   * Gives all devices new certificates, and runs `preparation` for them.
   * @param issue makes a certificate of the same kind with any validity.
   */
  async certify(validity: Validity, issue: IssueCertificate, preparation: Preparation): Promise<void> {
    this.#issue = issue;
    this.#state.certificates?.setAll(validity);
    this.#state.isRenewed?.fill(0);
    await this.prepare(preparation);
  }

  /** Makes a certificate in the same way as the latest certificate of the devices; undefined if the devices have no certificates. */
  get issue(): IssueCertificate | undefined {
    return this.#issue;
  }

  get state(): FleetState {
    return this.#state;
  }

  /** Replaces the state of the devices by the state after a step. */
  become(state: FleetState): void {
    this.#state = state;
  }

  /** Number of preparations, such as the installation of a key, so far. */
  get preparations(): number {
    return this.#preparations.length;
  }

  /**
   * Returns the real device of an index, with all preparations of the fleet. A new real device also registers, between the same two
   * preparations as in the simulation.
   */
  async sample(index: number, bring: BringToHub = async () => succeeded(undefined)): Promise<Result<Device>> {
    const known = this.#samples.get(index);
    if (known !== undefined) return succeeded(known);
    const device = this.#spec.makeDevice(this, index);
    const { assigned, preparedAtRegistration } = this.#state;
    const registered =
      assigned[index] === 0 ? Infinity : Math.min(preparedAtRegistration[index] ?? 0, this.preparations);
    for (let done = 0; done <= this.preparations; done++) {
      if (done === registered) {
        const brought = await bring(device);
        if (!brought.ok) return brought;
      }
      await this.#preparations[done]?.(device);
    }
    this.#samples.set(index, device);
    return succeeded(device);
  }
}

function cohortsOf({ words, size, retry, tries }: FleetSpec): readonly Cohort[] {
  const parts = words.cohorts ?? [{ share: 1 }];
  let share = 0;
  return parts.map((part, index) => {
    const first = Math.round(share * size);
    share += part.share;
    return {
      first,
      end: index === parts.length - 1 ? size : Math.round(share * size),
      retry: part.retry ?? retry,
      tries: part.tries ?? (part.retry === undefined ? tries : undefined),
      after: lengthOf(part.after ?? words.after),
      starts: lengthOf(part.starts ?? words.starts),
    };
  });
}

function lengthOf(duration: string | undefined): Millis {
  return duration === undefined ? 0 : addDuration(0, duration);
}

/** Returns different indices, in ascending order. */
function seededSamples(seed: number, size: number, wanted: number): readonly number[] {
  const chosen = new Set<number>();
  const enough = Math.min(wanted, size);
  for (let draw = 0; chosen.size < enough; draw++) {
    chosen.add(Math.floor(countedDraw(seed ^ sampleSalt, draw, 0) * size));
  }
  return [...chosen].toSorted((a, b) => a - b);
}

const startSalt = 0x5eed_57a7;
const sampleSalt = 0x5a3b_1e55;
