/** A store whose content can be saved and restored, as plain values and Buffers. */
export interface Store {
  save(): unknown;
  /** Replaces the content by a result of `save`. */
  load(saved: unknown): void;
  /** The parts that can change, by name. Journals have the names, so they stay the same in later versions. */
  readonly parts: Readonly<Record<string, StorePart>>;
}

/** The change of an entry. An entry that is removed and added again moves to the end. */
export type EntryChange = 'added' | 'replaced' | 'removed';

/** Ordered entries of a store, which can be saved one by one. */
export interface StorePart {
  /** Calls `onChange` after each change. Replaces an earlier listener. Loading an entry is not a change. */
  watch(onChange: (key: string, change: EntryChange) => void): void;
  /** Returns plain values and Buffers, or undefined if the entry does not exist. */
  saveEntry(key: string): unknown;
  /** Sets an entry to a result of `saveEntry`. Undefined removes it. */
  loadEntry(key: string, saved: unknown): void;
}

/** A changed entry in its stored form. */
export interface SavedChange {
  /** Name of the part in `Cloud.parts`. */
  readonly part: string;
  readonly key: string;
  /** Omitted if the entry was removed. */
  readonly value?: unknown;
  /** True if the entry was removed before, so that it is now the last one. Default: false. */
  readonly isAnew?: true;
}

/** Applies a change to a part. */
export function loadChange(part: StorePart, { key, value, isAnew }: SavedChange): void {
  if (isAnew === true) part.loadEntry(key, undefined);
  part.loadEntry(key, value);
}

/** The saved state of a cloud, by store. Opaque to all other code. */
export type CloudSnapshot = Readonly<Record<string, unknown>>;

/**
 * Serializes a snapshot. A Buffer becomes `{ "$base64": … }`. An object that already looks like one of the two forms becomes
 * `{ "$plain": [[word, value]] }`.
 */
export function snapshotToJson(snapshot: unknown): string {
  return JSON.stringify(snapshot, function replaced(this: Readonly<Record<string, unknown>>, key, value: unknown) {
    // `value` is already the result of Buffer.toJSON.
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

/** Returns the member of an object with exactly one member if that is a mark. */
function markOf(value: unknown): '$base64' | '$plain' | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [word, ...others] = Object.keys(value);
  return others.length === 0 && (word === '$base64' || word === '$plain') ? word : undefined;
}
