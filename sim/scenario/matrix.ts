import type { Path } from './yaml-source.ts';

/** A scenario file after the values of one matrix entry have replaced its placeholders. */
export interface Variant {
  /** Name of the variant; empty if the file has no matrix. */
  readonly name: string;
  /** Number of the matrix entry, from 1; undefined if the file has no matrix. */
  readonly row?: number;
  /** The values of the file, without `matrix`. */
  readonly tree: Readonly<Record<string, unknown>>;
  /** Returns the path at which the file writes a value. If the value comes from the matrix, the path leads there. */
  origin(path: Path): Path;
  /** Placeholders without a value in this matrix entry, with their paths. */
  readonly missing: readonly { readonly path: Path; readonly word: string }[];
  /** Paths of YAML keys that were removed because their matrix value is null. */
  readonly left: readonly Path[];
  /** Keys of the matrix entry that a placeholder uses. */
  readonly used: ReadonlySet<string>;
}

/** Returns the variants of a file, one per matrix entry. A file without a matrix has one variant without a name. */
export function spreadMatrix(
  tree: Readonly<Record<string, unknown>>,
  entries: readonly Readonly<Record<string, unknown>>[] | undefined,
): readonly Variant[] {
  const { matrix: _matrix, ...rest } = tree;
  if (entries === undefined) return [substitute(rest, {}, 0, '')];
  const names = new Map<string, number>();
  return entries.map((entry, index) => {
    const name = nameOf(entry);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return { ...substitute(rest, entry, index, count === 1 ? name : `${name} #${count}`), row: index + 1 };
  });
}

function nameOf(entry: Readonly<Record<string, unknown>>): string {
  const { name, shows: _shows, ...words } = entry;
  if (typeof name === 'string') return name;
  const scalars = Object.entries(words).filter(([, value]) => value === null || typeof value !== 'object');
  return scalars.length > 0
    ? scalars.map(([word, value]) => `${word}=${String(value)}`).join(', ')
    : JSON.stringify(words);
}

function substitute(
  tree: Readonly<Record<string, unknown>>,
  entry: Readonly<Record<string, unknown>>,
  index: number,
  name: string,
): Variant {
  const origins: { readonly at: Path; readonly from: Path }[] = [];
  const missing: { readonly path: Path; readonly word: string }[] = [];
  const left: Path[] = [];
  const used = new Set<string>();
  const give = (word: string, path: Path): unknown => {
    if (Object.hasOwn(entry, word)) {
      used.add(word);
      return entry[word];
    }
    missing.push({ path, word });
    return undefined;
  };
  const put = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return putText(value, path);
    if (Array.isArray(value)) return value.map((item, at) => put(item, [...path, at]));
    if (typeof value !== 'object' || value === null) return value;
    // A key whose matrix value is null is removed. `fromEntries` also creates own properties for names such as __proto__.
    return Object.fromEntries(
      Object.entries(value).flatMap(([word, inner]) => {
        const filled = put(inner, [...path, word]);
        if (filled === absent) left.push([...path, word]);
        return filled === absent ? [] : [[word, filled]];
      }),
    );
  };
  const putText = (text: string, path: Path): unknown => {
    const whole = /^\$\{([A-Za-z][\w-]*)\}$/.exec(text)?.[1];
    if (whole !== undefined) {
      const value = give(whole, path);
      if (value === undefined) return text;
      origins.push({ at: path, from: ['matrix', index, whole] });
      return value === null ? absent : value;
    }
    return text.replaceAll(/\$\{([A-Za-z][\w-]*)\}/g, (written, word: string) => {
      const value = give(word, path);
      return value === undefined ? written : plainText(value);
    });
  };
  // A matrix entry may set `shows` without a placeholder in the file.
  const asking = Object.hasOwn(entry, 'shows') ? { ...tree, shows: '${shows}' } : tree;
  const filled = put(asking, []) as Readonly<Record<string, unknown>>;
  return { name, tree: filled, missing, left, used, origin: (path) => originOf(path, origins) };
}

const absent = Symbol('absent');

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function originOf(path: Path, origins: readonly { readonly at: Path; readonly from: Path }[]): Path {
  const origin = origins.find(({ at }) => at.length <= path.length && at.every((step, index) => step === path[index]));
  return origin === undefined ? path : [...origin.from, ...path.slice(origin.at.length)];
}
