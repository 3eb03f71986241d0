/** Maximum number of parts with one hash that are compared with a new one. */
const mostCompared = 32;

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

/** A text, list or object. Equal texts, lists or objects are one part. */
type Part = PartContent & {
  readonly number: number;
  readonly length: number;
  uses: number;
  row?: number;
  /** The part that was added before this one and has the same hash. */
  readonly before: Part | undefined;
};

type PartContent = { readonly kind: 'text'; readonly text: string } | ListContent | ObjectContent;

interface ListContent {
  readonly kind: 'list';
  readonly items: readonly Item[];
}

interface ObjectContent {
  readonly kind: 'object';
  readonly entries: readonly (readonly [name: string, item: Item])[];
}

/** A short value, or a part that may be shared. */
export type Item = null | boolean | number | string | Part;

/** The parts of JSON values. A caller can add the values at different times, and write the values of its choice once at the end. */
export class SharedTable {
  /** Long texts. */
  readonly #texts = new Map<string, Part>();
  /** Lists and objects: the last part of each hash. */
  readonly #parts = new Map<number, Part>();
  /** Numbers of the short texts and the names of members, for hashes. */
  readonly #numbers = new Map<string, number>();
  #count = 0;
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
    if (typeof value === 'string') return value.length < shortest ? value : this.#text(value);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value !== 'object' || value === null) return null;
    if (Array.isArray(value)) {
      const items = value.map((item) => this.#take(item));
      let hash = 1;
      for (const item of items) hash = mixed(hash, this.#hashOf(item));
      return this.#part(hash, { kind: 'list', items });
    }
    const entries: (readonly [string, Item])[] = [];
    let hash = 2;
    for (const [name, child] of Object.entries(value)) {
      if (child === undefined) continue;
      const item = this.#take(child);
      entries.push([name, item]);
      hash = mixed(mixed(hash, this.#numberOf(name)), this.#hashOf(item));
    }
    return this.#part(hash, { kind: 'object', entries });
  }

  #text(text: string): Part {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const part: Part = { kind: 'text', text, number: this.#count++, length: text.length, uses: 0, before: undefined };
    this.#texts.set(text, part);
    return part;
  }

  /**
   * Returns the part with this content. Creates the part if it does not exist. Compares few parts, so that values that were chosen to have
   * one hash do not make the report slow; equal parts are then stored twice.
   */
  #part(hash: number, content: ListContent | ObjectContent): Part {
    const last = this.#parts.get(hash);
    let part = last;
    for (let compared = 0; part !== undefined && compared < mostCompared; compared++) {
      if (isSame(part, content)) return part;
      part = part.before;
    }
    const length = content.kind === 'list' ? lengthOf(content.items) : lengthOf(content.entries.flat());
    const added: Part = { ...content, number: this.#count++, length, uses: 0, before: last };
    this.#parts.set(hash, added);
    return added;
  }

  /** Returns a whole number, which is the same for equal items. */
  #hashOf(item: Item): number {
    if (typeof item === 'string') return this.#numberOf(item);
    if (Number.isInteger(item)) return mixed(Math.trunc(Number(item) / 2 ** 32), Number(item));
    // The hash of a fraction such as 0.25 is that of its text.
    if (typeof item === 'number') return this.#numberOf(String(item));
    return isPart(item) ? mixed(3, item.number) : Number(item);
  }

  #numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const next = this.#numbers.size;
    this.#numbers.set(text, next);
    return next;
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

/** Returns a hash of 32 bits of two whole numbers (the multiplication of FNV-1a). */
function mixed(hash: number, next: number): number {
  const product = Math.imul(hash ^ next, 0x01_00_01_93);
  return product ^ (product >>> 15);
}

function isSame(part: Part, content: ListContent | ObjectContent): boolean {
  if (part.kind === 'list' && content.kind === 'list')
    return part.items.length === content.items.length && part.items.every((item, at) => item === content.items[at]);
  if (part.kind !== 'object' || content.kind !== 'object') return false;
  const { entries } = content;
  return (
    part.entries.length === entries.length &&
    part.entries.every(([name, item], at) => name === entries[at]?.[0] && item === entries[at][1])
  );
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
