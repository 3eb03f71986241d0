import { countedDraw } from '../../core/counted-draw.ts';
import type { Transport } from '../../core/history/events.ts';
import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { Device } from '../devices/device.ts';
import type { RetryMode } from '../devices/retry.ts';
import type { DeviceSpec } from '../scenario/schema.ts';
import type { FleetWords } from '../scenario/words/fleet-words.ts';

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
interface FleetSpec extends Pick<DeviceSpec, 'boot' | 'retry' | 'tries' | 'registrationId'> {
  readonly name: string;
  readonly size: number;
  readonly transport: Transport;
  readonly words: FleetWords;
  /** 32 bits. */
  readonly seed: number;
  /** Host names of all linked hubs. */
  readonly hubs: readonly string[];
  /** Creates the real device of an index. */
  readonly makeDevice: (fleet: Fleet, index: number) => Device;
}

/** Prepares one device as the steps before prepared the whole fleet, such as the installation of a key. */
export type Preparation = (device: Device) => Promise<void>;

/**
 * The devices of a fleet as numbers. A device is an index from 0; its state is in arrays. Real devices exist for the samples
 * only, with the state that the fleet has for them.
 */
export class Fleet {
  readonly name: string;
  readonly size: number;
  readonly seed: number;
  readonly transport: Transport;
  readonly boot: DeviceSpec['boot'];
  readonly cohorts: readonly Cohort[];
  readonly hubs: readonly string[];
  /** The hub of each device: 0 for none, otherwise the position in `hubs` from 1. */
  readonly assigned: Uint8Array;
  /** Number of random numbers that each device has drawn. */
  readonly draws: Uint32Array;
  readonly seededSamples: readonly number[];
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
    this.assigned = new Uint8Array(size);
    this.draws = new Uint32Array(size);
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

  /** Number of the current step of this fleet, so that each step draws other starts. */
  get step(): number {
    return this.#steps;
  }

  countStep(): void {
    this.#steps++;
  }

  /** Returns the start of a device in the current step, in milliseconds from the step. */
  startOf(index: number, { after, starts }: Cohort): Millis {
    return starts === 0 ? after : after + Math.floor(countedDraw(this.seed ^ startSalt, index, this.#steps) * starts);
  }

  /** The devices that exist as real ones. */
  get samples(): ReadonlyMap<number, Device> {
    return this.#samples;
  }

  /** Prepares all devices: the real ones now, and others when they are made. */
  async prepare(preparation: Preparation): Promise<void> {
    for (const index of this.seededSamples) await this.sample(index);
    this.#preparations.push(preparation);
    for (const device of this.#samples.values()) await preparation(device);
  }

  /** Returns the real device of an index, prepared like the others. */
  async sample(index: number): Promise<Device> {
    const known = this.#samples.get(index);
    if (known !== undefined) return known;
    const device = this.#spec.makeDevice(this, index);
    for (const preparation of this.#preparations) await preparation(device);
    this.#samples.set(index, device);
    return device;
  }

  /** Removes a real device. The numbers of its index stay. */
  forget(index: number): void {
    this.#samples.delete(index);
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
