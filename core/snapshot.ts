/** A store whose contents outlive the process: plain values and Buffers go out, the same come back in. */
export interface Store {
  save(): unknown;
  /** Takes what `save` gave, in place of what it holds. */
  load(saved: unknown): void;
}

/** What a cloud remembers, by store. Only the cloud that made it reads it; to others it is a value to keep. */
export type CloudSnapshot = Readonly<Record<string, unknown>>;

/**
 * JSON of a snapshot. A Buffer becomes `{ "$base64": … }`, and what already looks like that, or like this, becomes
 * `{ "$plain": [[word, value]] }`.
 */
export function freeze(snapshot: unknown): string {
  return JSON.stringify(snapshot, function replaced(this: Readonly<Record<string, unknown>>, key, value: unknown) {
    // Buffers have turned themselves into something else by the time they come here as `value`.
    const original = this[key];
    if (Buffer.isBuffer(original)) return { $base64: original.toString('base64') };
    return markOf(value) === undefined ? value : { $plain: Object.entries(value as object) };
  });
}

/** The snapshot of such a JSON. @throws SyntaxError where it is none. */
export function thaw(json: string): unknown {
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
