import type { EntryChange, StorePart } from './snapshot.ts';

/** Converts values to the plain form that is saved, and back. */
interface Form<Value> {
  toSaved(value: Value): unknown;
  /** Converts a saved value back. Returns undefined if `saved` does not contain a valid value. */
  fromSaved(saved: unknown): Value | undefined;
}

/**
 * A map that reports its changes, so that a caller can save each changed entry separately. Without a listener the
 * reports cost no time.
 */
export class WatchedMap<Value> extends Map<string, Value> implements StorePart {
  readonly #form: Form<Value> | undefined;
  #onChange: ((key: string, change: EntryChange) => void) | undefined;

  /** @param form conversion of values for saving. Default: the map saves values unchanged. */
  constructor(form?: Form<Value>) {
    super();
    this.#form = form;
  }

  watch(onChange: (key: string, change: EntryChange) => void): void {
    this.#onChange = onChange;
  }

  saveEntry(key: string): unknown {
    const value = this.get(key);
    return value === undefined || this.#form === undefined ? value : this.#form.toSaved(value);
  }

  loadEntry(key: string, saved: unknown): void {
    const value = this.#form === undefined ? (saved as Value | undefined) : this.#form.fromSaved(saved);
    if (saved === undefined || value === undefined) super.delete(key);
    else super.set(key, value);
  }

  override set(key: string, value: Value): this {
    const isKnown = this.#onChange !== undefined && this.has(key);
    super.set(key, value);
    this.#onChange?.(key, isKnown ? 'replaced' : 'added');
    return this;
  }

  /** Sets a value without a report to the listener. Use this method for values that need not survive a restart. */
  setUnwatched(key: string, value: Value): void {
    super.set(key, value);
  }

  override delete(key: string): boolean {
    const isGone = super.delete(key);
    if (isGone) this.#onChange?.(key, 'removed');
    return isGone;
  }

  override clear(): void {
    for (const key of this.keys()) this.delete(key);
  }
}
