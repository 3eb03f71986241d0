/** A client that reads one partition in one consumer group. */
export interface PartitionReader {
  /** Receiver name that the client sent; empty if the client sent none. */
  readonly name: string;
  /**
   * Owner level, also called epoch. A reader with an owner level is exclusive. Undefined if the reader shares the partition.
   */
  readonly ownerLevel: number | undefined;
  /**
   * Ends this reader, because another reader displaces it or an operator deletes the consumer group.
   *
   * @param sentence the reason, which the service sends when it detaches the link of this reader.
   */
  displaced(sentence: string): void;
}

/**
 * The reason why a partition refuses a reader: another reader owns the partition, or the partition has too many
 * readers.
 */
export interface ReaderRefusal {
  readonly kind: 'owned' | 'crowded';
  readonly sentence: string;
}

/**
 * The readers of one partition in one consumer group. A reader with an owner level displaces all readers without an owner level
 * and all readers with a lower or equal level. At most five readers without an owner level share the partition.
 */
export class PartitionReaders {
  readonly #readers = new Set<PartitionReader>();

  /**
   * Adds a reader and displaces the readers with a lower priority. If the partition refuses the reader, adds nothing
   * and returns the reason.
   */
  admit(reader: PartitionReader): ReaderRefusal | undefined {
    const { ownerLevel } = reader;
    const levels = [...this.#readers].flatMap((each) => (each.ownerLevel === undefined ? [] : [each.ownerLevel]));
    const highest = Math.max(...levels);
    if (ownerLevel === undefined) {
      if (levels.length > 0) return { kind: 'owned', sentence: sharedRefusal(highest) };
      if (this.#readers.size >= readerLimit) {
        return { kind: 'crowded', sentence: crowdedRefusal([...this.#readers].map(({ name }) => name)) };
      }
    } else if (ownerLevel < highest) {
      return { kind: 'owned', sentence: lowerRefusal(reader.name, ownerLevel, highest) };
    } else {
      for (const other of this.#readers) {
        this.#readers.delete(other);
        other.displaced(displacedSentence(reader.name, ownerLevel, other));
      }
    }
    this.#readers.add(reader);
    return undefined;
  }

  leave(reader: PartitionReader): void {
    this.#readers.delete(reader);
  }

  /** Disconnects all readers, because an operator deleted their consumer group. */
  displaceAll(sentence: string): void {
    const readers = [...this.#readers];
    this.#readers.clear();
    for (const reader of readers) reader.displaced(sentence);
  }
}

/** Maximum number of readers without an owner level, per partition and consumer group (Event Hubs quotas). */
const readerLimit = 5;

function sharedRefusal(highest: number): string {
  return (
    `At least one receiver for the endpoint is created with epoch of '${highest}', and so non-epoch receiver is not allowed. ` +
    'Either reconnect with a higher epoch, or make sure all epoch receivers are closed or disconnected.'
  );
}

function crowdedRefusal(names: readonly string[]): string {
  return `Exceeded the maximum number of allowed receivers per partition in a consumer group which is ${readerLimit}. List of connected receivers - ${names.map(named).join(', ')}.`;
}

function lowerRefusal(name: string, ownerLevel: number, highest: number): string {
  return (
    `Receiver '${named(name)}' with a higher epoch '${highest}' already exists. Receiver '${named(name)}' with epoch ${ownerLevel} cannot be created. ` +
    'Make sure you are creating receiver with increasing epoch value to ensure connectivity, or ensure all old epoch receivers are closed or disconnected.'
  );
}

function displacedSentence(
  name: string,
  ownerLevel: number,
  { name: other, ownerLevel: level }: PartitionReader,
): string {
  const had = level === undefined ? 'non-epoch receiver' : `epoch '${level}'`;
  return (
    `New receiver '${named(name)}' with higher epoch of '${ownerLevel}' is created hence current receiver '${named(other)}' with ${had} is getting disconnected. ` +
    'If you are recreating the receiver, make sure a higher epoch is used.'
  );
}

function named(name: string): string {
  return name === '' ? 'nil' : name;
}
