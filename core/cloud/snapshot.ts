/** A store that can save and restore its content as plain values and Buffers. */
export interface Store {
  save(): unknown;
  /** Replaces the content with a value that `save` returned. */
  load(saved: unknown): void;
  /** The parts that can change, by name. Stored journals contain the names, so the names must not change in later versions. */
  readonly parts: Readonly<Record<string, StorePart>>;
}

/** The kind of a change of an entry. An entry that a store removes and adds again becomes the last entry. */
export type EntryChange = 'added' | 'replaced' | 'removed';

/** A part of a store: ordered entries, which a caller can save one by one. */
export interface StorePart {
  /**
   * Sets the function that the part calls after each change. This function replaces an earlier one. Loading an entry
   * does not count as a change.
   */
  watch(onChange: (key: string, change: EntryChange) => void): void;
  /** Returns the entry as plain values and Buffers, or undefined if the entry does not exist. */
  saveEntry(key: string): unknown;
  /** Sets an entry to a value that `saveEntry` returned. The value undefined removes the entry. */
  loadEntry(key: string, saved: unknown): void;
}

/** A changed entry in its stored form. */
export interface SavedChange {
  /** Name of the part in `Cloud.parts`. */
  readonly part: string;
  readonly key: string;
  /** Value that `saveEntry` returned. Omitted if the entry was removed. */
  readonly value?: unknown;
  /** True if the entry was removed and added again, so that it is now the last entry. Default: false. */
  readonly isAnew?: true;
}

/** Applies a change to a part. */
export function loadChange(part: StorePart, { key, value, isAnew }: SavedChange): void {
  if (isAnew === true) part.loadEntry(key, undefined);
  part.loadEntry(key, value);
}

/**
 * The saved state of a cloud: one value for each store, by the name of the store. Only the store knows the structure of
 * its value.
 */
export type CloudSnapshot = Readonly<Record<string, unknown>>;

/**
 * Serializes a snapshot as JSON. A Buffer becomes `{ "$base64": … }`. An object whose only member is `$base64` or
 * `$plain` becomes `{ "$plain": [[name, value]] }`. Without this form, `snapshotFromJson` would take such an object for
 * a Buffer or for the form itself.
 */
export function snapshotToJson(snapshot: unknown): string {
  return JSON.stringify(snapshot, function replaced(this: Readonly<Record<string, unknown>>, key, value: unknown) {
    // JSON.stringify has already called `Buffer.toJSON`, so `value` is not a Buffer any more.
    const original = this[key];
    if (Buffer.isBuffer(original)) return { $base64: original.toString('base64') };
    return markOf(value) === undefined ? value : { $plain: Object.entries(value as object) };
  });
}

/** Reverses `snapshotToJson`. @throws SyntaxError if the text is not JSON. */
export function snapshotFromJson(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown) => {
    const mark = markOf(value);
    if (mark === undefined) return value;
    const inner = (value as Readonly<Record<string, unknown>>)[mark];
    if (mark === '$base64') return Buffer.from(String(inner), 'base64');
    return Object.fromEntries(inner as readonly (readonly [string, unknown])[]);
  });
}

/** Returns the name of the only member of an object if this name is `$base64` or `$plain`. */
function markOf(value: unknown): '$base64' | '$plain' | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [word, ...others] = Object.keys(value);
  return others.length === 0 && (word === '$base64' || word === '$plain') ? word : undefined;
}
