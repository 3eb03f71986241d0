/** A value that JSON can represent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Values without repetition: `rows` contains each part that occurs more than once, and `values` refer to the rows. */
export interface SharedValues {
  readonly rows: readonly Json[];
  readonly values: readonly Json[];
}

/**
 * A reference to a row is a string of this character and the index of the row in base 36. If an ordinary string starts with this character,
 * the string gets a second such character in front. The character is for private use in Unicode, so texts hardly ever contain it.
 */
const mark = '\uE000';

/** Minimum number of characters of a shared part. A shorter part is repeated, because a reference would save nothing after compression. */
const shortest = 40;

/**
 * Returns a function that replaces the references in a value of `SharedTable` by the shared parts. Equal parts become the same object, so
 * the caller must not change them. The function throws an Error if a row is missing.
 */
export function valueRestorer(rows: readonly Json[]): (value: Json) => Json {
  const restored = new Map<number, Json>();
  const restore = (value: Json): Json => {
    if (typeof value === 'string') return value.startsWith(mark) ? restoreText(value) : value;
    if (value === null || typeof value !== 'object') return value;
    if (isList(value)) return value.map(restore);
    return mapObject(value, restore);
  };
  const restoreText = (text: string): Json => {
    if (text.startsWith(mark, mark.length)) return text.slice(mark.length);
    const row = Number.parseInt(text.slice(mark.length), 36);
    const shared = restored.get(row) ?? rows[row];
    if (shared === undefined)
      throw new Error(`the report refers to row ${row} of its shared values, but has ${rows.length}`);
    if (restored.has(row) || typeof shared === 'string') return shared;
    const found = restore(shared);
    restored.set(row, found);
    return found;
  };
  return restore;
}

/** A text, list or object. Equal texts, lists or objects are one part. Other parts refer to it by its number. */
type Part = PartContent & { readonly number: number; readonly length: number; uses: number; row?: number };

type PartContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [name: string, item: Item])[] };

/** A short value, or a part that may be shared. */
export type Item = null | boolean | number | string | Part;

/** The parts of JSON values. A caller can add the values at different times, and write the values of its choice once at the end. */
export class SharedTable {
  /** The parts by the key of their content. Equal parts have the same key. */
  readonly #parts = new Map<string, Part>();
  readonly #rows: Json[] = [];

  /** Adds a value and returns it in the form that `write` expects. */
  add(value: unknown): Item {
    return this.#take(value);
  }

  /**
   * Returns added values, in which each part that occurs more than once in them is stored once. `valueRestorer` restores the original
   * values. Call it once.
   */
  write(items: readonly Item[]): SharedValues {
    const counted = new Set<Part>();
    for (const item of items) if (isPart(item)) countParts(item, counted);
    const values = items.map((item) => (isPart(item) ? this.#writeWhole(item) : this.#write(item)));
    return { rows: this.#rows, values };
  }

  #take(value: unknown): Item {
    if (typeof value === 'string') {
      if (value.length < shortest) return value;
      return this.#part(`"${value}`, { kind: 'text', text: value }, value.length);
    }
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'object' || value === null) return null;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#take(item));
      const key = `[${items.map(keyOf).join(',')}`;
      return this.#part(key, { kind: 'list', items }, lengthOf(items));
    }
    const entries: (readonly [string, Item])[] = [];
    let key = '{';
    for (const [name, child] of Object.entries(value)) {
      if (child === undefined) continue;
      const item = this.#take(child);
      entries.push([name, item]);
      key += `${name.length}:${name}${keyOf(item)},`;
    }
    return this.#part(key, { kind: 'object', entries }, lengthOf(entries.flat()));
  }

  /** Returns the part with this key. Creates the part if it does not exist. */
  #part(key: string, content: PartContent, length: number): Part {
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const part: Part = { ...content, number: this.#parts.size, length, uses: 0 };
    this.#parts.set(key, part);
    return part;
  }

  #write(item: Item): Json {
    if (typeof item === 'string') return escaped(item);
    if (!isPart(item)) return item;
    if (item.uses < 2 || item.length < shortest) return this.#writeWhole(item);
    if (item.row === undefined) {
      const row = item.kind === 'text' ? item.text : this.#writeWhole(item);
      item.row = this.#rows.length;
      this.#rows.push(row);
    }
    return `${mark}${item.row.toString(36)}`;
  }

  #writeWhole(part: Part): Json {
    if (part.kind === 'text') return escaped(part.text);
    if (part.kind === 'list') return part.items.map((item) => this.#write(item));
    return Object.fromEntries(part.entries.map(([name, item]) => [name, this.#write(item)]));
  }
}

/** Returns a key of an item. Two items have the same key only if they are equal. */
function keyOf(item: Item): string {
  if (typeof item === 'string') return `${item.length}:${item}`;
  return isPart(item) ? `#${item.number}` : String(item);
}

/** Counts how often the parts below a part are used. Looks into each part once. */
function countParts(whole: Part, counted: Set<Part>): void {
  if (counted.has(whole)) return;
  counted.add(whole);
  for (const item of itemsOf(whole)) {
    if (!isPart(item)) continue;
    item.uses += 1;
    countParts(item, counted);
  }
}

function itemsOf(part: Part): readonly Item[] {
  if (part.kind === 'text') return [];
  return part.kind === 'list' ? part.items : part.entries.map(([, item]) => item);
}

/** Returns the approximate number of characters of the items in JSON. */
function lengthOf(items: readonly Item[]): number {
  return items.reduce<number>((sum, item) => sum + 3 + (isPart(item) ? item.length : String(item).length), 0);
}

function escaped(text: string): string {
  return text.startsWith(mark) ? `${mark}${text}` : text;
}

function isPart(item: Item): item is Part {
  return item !== null && typeof item === 'object';
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}

function mapObject(object: { readonly [key: string]: Json | undefined }, map: (value: Json) => Json): Json {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, value === undefined ? undefined : map(value)]),
  );
}
