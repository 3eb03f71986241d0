/** A store whose contents outlive the process: plain values and Buffers go out, the same come back in. */
export interface Store {
  save(): unknown;
  /** Takes what `save` gave, in place of what it holds. */
  load(saved: unknown): void;
  /** Everything in it that changes, by a name that stays the same in later versions: journals have it. */
  readonly parts: Readonly<Record<string, StorePart>>;
}

/** What became of an entry. One that is removed and added again has moved to the end. */
export type EntryChange = 'added' | 'replaced' | 'removed';

/** Entries of a store in their order, saved one by one as they change. */
export interface StorePart {
  /** Calls `onChange` after each change, in place of an earlier listener. Loading is no change. */
  watch(onChange: (key: string, change: EntryChange) => void): void;
  /** Plain values and Buffers; undefined if there is no such entry. */
  saveEntry(key: string): unknown;
  /** Takes what `saveEntry` gave; undefined removes the entry. */
  loadEntry(key: string, saved: unknown): void;
}

/** A changed entry as it is kept. */
export interface SavedChange {
  /** Name of the part, as `Cloud.parts` has it. */
  readonly part: string;
  readonly key: string;
  /** Omitted if the entry was removed. */
  readonly value?: unknown;
  /** Whether the entry was removed before, and so is the last one now. Default: false. */
  readonly isAnew?: true;
}

/** Makes a part hold what a change says. */
export function loadChange(part: StorePart, { key, value, isAnew }: SavedChange): void {
  if (isAnew === true) part.loadEntry(key, undefined);
  part.loadEntry(key, value);
}

/** What a cloud remembers, by store. Only the cloud that made it reads it; to others it is a value to keep. */
export type CloudSnapshot = Readonly<Record<string, unknown>>;

/**
 * JSON of a snapshot. A Buffer becomes `{ "$base64": … }`, and what already looks like that, or like this, becomes
 * `{ "$plain": [[word, value]] }`.
 */
export function snapshotToJson(snapshot: unknown): string {
  return JSON.stringify(snapshot, function replaced(this: Readonly<Record<string, unknown>>, key, value: unknown) {
    // Buffers have turned themselves into something else by the time they come here as `value`.
    const original = this[key];
    if (Buffer.isBuffer(original)) return { $base64: original.toString('base64') };
    return markOf(value) === undefined ? value : { $plain: Object.entries(value as object) };
  });
}

/** The snapshot of such a JSON. @throws SyntaxError where it is none. */
export function snapshotFromJson(json: string): unknown {
  return JSON.parse(json, (_key, value: unknown) => {
    const mark = markOf(value);
    if (mark === undefined) return value;
    const inner = (value as Readonly<Record<string, unknown>>)[mark];
    if (mark === '$base64') return Buffer.from(String(inner), 'base64');
    return Object.fromEntries(inner as readonly (readonly [string, unknown])[]);
  });
}

/** The word, where an object has one word only and that is one of ours. */
function markOf(value: unknown): '$base64' | '$plain' | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [word, ...others] = Object.keys(value);
  return others.length === 0 && (word === '$base64' || word === '$plain') ? word : undefined;
}
