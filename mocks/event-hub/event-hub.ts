import { createHash } from 'node:crypto';
import type { Clock, Millis } from '../../core/time/clock.ts';
import type { EventHubSettings } from '../../core/cloud/cloud.ts';
import type { Store, StorePart } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Telemetry } from '../hub/messages/hub-message.ts';
import { EventLog, type EventRetention, type SavedPartition } from './event-log.ts';
import { PartitionReaders } from './partition-readers.ts';

interface EventHubParts {
  /** The Event-Hub-compatible name, which is the name of the IoT hub. */
  readonly name: string;
  readonly clock: Clock;
  readonly settings?: EventHubSettings | undefined;
  /** The partition calls this function when it is full and drops its oldest events. */
  readonly onTrim: (partitionId: string, count: number) => void;
  readonly retention?: EventRetention;
}

interface SavedEventHub {
  readonly createdAt: Millis;
  readonly consumerGroups: readonly string[];
  readonly partitions: readonly SavedPartition[];
}

/**
 * The built-in endpoint of an IoT hub, without sockets. It has partitions with the telemetry of all devices, and
 * consumer groups, each of which can read all telemetry. The messages of a device stay in one partition and in order.
 */
export class EventHub implements Store {
  readonly name: string;
  #createdAt: Millis;
  readonly #partitions: readonly EventLog[];
  /** Consumer groups by their name in lower case, because the case of names does not matter. */
  readonly #consumerGroups = new WatchedMap<ConsumerGroup>({
    toSaved: ({ name }) => name,
    fromSaved: (name) => this.#groupOf(String(name)),
  });

  constructor({ name, clock, settings = {}, onTrim, retention = defaultRetention }: EventHubParts) {
    this.name = name;
    this.#createdAt = clock.now();
    this.#partitions = Array.from(
      { length: settings.partitions ?? 1 },
      (_, index) => new EventLog(clock, retention, (count) => onTrim(String(index), count)),
    );
    for (const group of [defaultConsumerGroup, ...(settings.consumerGroups ?? [])]) this.addConsumerGroup(group);
  }

  get createdAt(): Millis {
    return this.#createdAt;
  }

  get partitionIds(): readonly string[] {
    return this.#partitions.map((_, index) => String(index));
  }

  /** Returns a partition, or undefined if no partition has this ID. */
  partition(partitionId: string): EventLog | undefined {
    return /^(0|[1-9]\d*)$/.test(partitionId) ? this.#partitions[Number(partitionId)] : undefined;
  }

  publish(message: Telemetry): void {
    this.#partitions[this.#indexFor(message.deviceId)]?.append(message);
  }

  consumerGroups(): readonly string[] {
    return [...this.#consumerGroups.values()].map(({ name }) => name);
  }

  hasConsumerGroup(name: string): boolean {
    return this.#consumerGroups.has(name.toLowerCase());
  }

  /** Creates a consumer group. @returns false if the group already exists. */
  addConsumerGroup(name: string): boolean {
    if (this.hasConsumerGroup(name)) return false;
    this.#consumerGroups.set(name.toLowerCase(), this.#groupOf(name));
    return true;
  }

  /** Removes a consumer group and disconnects its readers. @returns false for `$Default` and for an unknown group. */
  removeConsumerGroup(name: string): boolean {
    const key = name.toLowerCase();
    const group = key === defaultConsumerGroup.toLowerCase() ? undefined : this.#consumerGroups.get(key);
    if (group === undefined) return false;
    this.#consumerGroups.delete(key);
    for (const readers of group.readers) readers.displaceAll(`The consumer group ${group.name} was deleted.`);
    return true;
  }

  /** Returns the readers of a partition in a consumer group; undefined if the group or the partition does not exist. */
  readers(consumerGroup: string, partitionId: string): PartitionReaders | undefined {
    if (this.partition(partitionId) === undefined) return undefined;
    return this.#consumerGroups.get(consumerGroup.toLowerCase())?.readers[Number(partitionId)];
  }

  save(): SavedEventHub {
    const share = savedBytes / this.#partitions.length;
    return {
      createdAt: this.#createdAt,
      consumerGroups: this.consumerGroups(),
      partitions: this.#partitions.map((partition) => partition.save(share)),
    };
  }

  /** Restores the saved state. Ignores saved partitions if the settings have fewer partitions. */
  load({ createdAt, consumerGroups, partitions }: SavedEventHub): void {
    this.#createdAt = createdAt;
    for (const group of consumerGroups) this.addConsumerGroup(group);
    for (const [index, partition] of this.#partitions.entries()) {
      const saved = partitions[index];
      if (saved !== undefined) partition.load(saved);
    }
  }

  get parts(): Readonly<Record<string, StorePart>> {
    const partitions = this.#partitions.map((partition, index) => [`partition ${index}`, partition] as const);
    return { 'consumer groups': this.#consumerGroups, ...Object.fromEntries(partitions) };
  }

  #groupOf(name: string): ConsumerGroup {
    return { name, readers: this.#partitions.map(() => new PartitionReaders()) };
  }

  #indexFor(deviceId: string): number {
    if (this.#partitions.length === 1) return 0;
    return createHash('sha256').update(deviceId).digest().readUInt32BE(0) % this.#partitions.length;
  }
}

interface ConsumerGroup {
  readonly name: string;
  /** Readers by the index of the partition. */
  readonly readers: readonly PartitionReaders[];
}

/** The consumer group that every hub has. */
const defaultConsumerGroup = '$Default';

/**
 * Default retention. A real hub also keeps events for one day. The size limit exists because this process stores the
 * events in memory.
 */
const defaultRetention: EventRetention = { forMs: 24 * 60 * 60 * 1000, bytes: 64 * 1024 * 1024 };

/** Maximum number of bytes of events in a snapshot, over all partitions. The newest events have priority. */
const savedBytes = 4 * 1024 * 1024;
