import type { EntryChange, SavedChange, StorePart } from '../../../core/cloud/snapshot.ts';

interface Pending {
  readonly wasRemoved: boolean;
  /** `added` or `removed`: the later of these two changes since the last save. `replaced` if neither happened since then. */
  readonly last: EntryChange;
}

/** The changed entries that are not durable yet. The list has each entry once, and `saved` reads its present value. */
export class PendingChanges {
  /** Changed entries by part and key, in the order of their creation. */
  readonly #parts = new Map<string, Map<string, Pending>>();

  get isEmpty(): boolean {
    return this.#parts.size === 0;
  }

  note(part: string, key: string, change: EntryChange): void {
    const keys = this.#parts.get(part) ?? new Map<string, Pending>();
    this.#parts.set(part, keys);
    const former = keys.get(key);
    if (change !== 'replaced') keys.delete(key);
    const wasRemoved = former?.wasRemoved === true || change === 'removed';
    keys.set(key, { wasRemoved, last: change === 'replaced' ? (former?.last ?? change) : change });
  }

  /** Appends later changes. */
  merge(later: PendingChanges): void {
    for (const [part, keys] of later.#parts) {
      for (const [key, { wasRemoved, last }] of keys) {
        if (wasRemoved) this.note(part, key, 'removed');
        this.note(part, key, last);
      }
    }
  }

  /** Returns the changed entries with their present values. */
  saved(parts: ReadonlyMap<string, StorePart>): readonly SavedChange[] {
    return [...this.#parts].flatMap(([part, keys]) =>
      [...keys].map(([key, { wasRemoved }]): SavedChange => {
        const value = parts.get(part)?.saveEntry(key);
        if (value === undefined) return { part, key };
        return { part, key, value, ...(wasRemoved ? { isAnew: true as const } : {}) };
      }),
    );
  }
}
