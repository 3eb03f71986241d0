import type { Random } from '../../core/random.ts';
import type { Settlement } from './message-queue.ts';

/** What became of a message to a device. */
export type MessageFate = 'Success' | 'Rejected' | 'Expired' | 'DeliveryCountExceeded' | 'Purged';

/** One line of feedback about a message to a device, for whoever sent it. */
export interface FeedbackRecord {
  readonly originalMessageId: string;
  readonly enqueuedTimeUtc: string;
  readonly statusCode: MessageFate;
  readonly description: string;
  readonly deviceId: string;
  readonly deviceGenerationId: string;
}

/** Records that are handed out together. */
interface FeedbackBatch {
  readonly lockToken: string;
  readonly records: readonly FeedbackRecord[];
  readonly deliveryCount: number;
}

/** Whether a sender who asked for `ack` hears of `fate`. */
export function isFeedbackWanted(ack: string | undefined, fate: MessageFate): boolean {
  return ack === 'full' || ack === (fate === 'Success' ? 'positive' : 'negative');
}

/** The feedback that waits for the service side, in batches of at most 64 records. What came back ten times is gone. */
export class FeedbackQueue {
  readonly #random: Random;
  readonly #listeners = new Set<() => void>();
  readonly #out = new Map<string, FeedbackBatch>();
  #fresh: readonly FeedbackRecord[] = [];
  #returned: readonly FeedbackBatch[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  add(record: FeedbackRecord): void {
    this.#fresh = [...this.#fresh.slice(1 - recordLimit), record];
    this.#tell();
  }

  take(): FeedbackBatch | undefined {
    const [first] = this.#returned;
    if (first === undefined && this.#fresh.length === 0) return undefined;
    const { records, deliveryCount } = first ?? { records: this.#fresh.slice(0, batchLimit), deliveryCount: 0 };
    if (first === undefined) this.#fresh = this.#fresh.slice(batchLimit);
    else this.#returned = this.#returned.slice(1);
    const batch = { records, lockToken: this.#random.uuid(), deliveryCount: deliveryCount + 1 };
    this.#out.set(batch.lockToken, batch);
    return batch;
  }

  /** Returns whether the token named a batch that is out. */
  settle(lockToken: string, settlement: Settlement): boolean {
    const batch = this.#out.get(lockToken);
    if (batch === undefined) return false;
    this.#out.delete(lockToken);
    if (settlement === 'abandon' && batch.deliveryCount < deliveryLimit) {
      this.#returned = [...this.#returned, batch];
      this.#tell();
    }
    return true;
  }

  /** Calls whenever there is something to take. Returns how to stop that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const batchLimit = 64;
const deliveryLimit = 10;
const recordLimit = 1000;
