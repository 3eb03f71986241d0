import { mistakesAtMost, shown } from './mistakes/issue-sentence.ts';
import type { Mistake } from './mistakes/mistake.ts';
import type { Path, YamlSource } from './yaml-source.ts';

/** A scenario file after the values of one matrix entry have replaced its placeholders. */
export interface Variant {
  /** Name of the variant; empty if the file has no matrix. */
  readonly name: string;
  /** Number of the matrix entry, from 1; undefined if the file has no matrix. */
  readonly row?: number;
  /** The values of the file, without `matrix`. */
  readonly tree: Readonly<Record<string, unknown>>;
  /** Returns the path at which the file writes a value. For a value from the matrix, this is its path in the matrix. */
  origin(path: Path): Path;
  /** Placeholders without a value in this matrix entry, with their paths. */
  readonly missing: readonly { readonly path: Path; readonly word: string }[];
  /** Paths of YAML keys that were removed because their matrix value is null. */
  readonly left: readonly Path[];
  /** Keys of the matrix entry that a placeholder uses. */
  readonly used: ReadonlySet<string>;
}

/** Reads the variants of a file, one per matrix entry. Returns them, and the mistakes in the YAML and in the matrix. */
export function readVariants(source: YamlSource): {
  readonly variants: readonly Variant[];
  readonly mistakes: Mistake[];
} {
  const broken = source.mistakes();
  if (broken.length > 0) return { variants: [], mistakes: [...broken] };
  const read = source.value();
  if (!read.ok) return { variants: [], mistakes: [read.mistake] };
  if (isMap(read.value)) return variantsOf(read.value, source);
  const message = `expected a scenario with title, devices and timeline, found ${shown(read.value)}`;
  return { variants: [], mistakes: [source.mistakeAt([], message)] };
}

function variantsOf(tree: Tree, source: YamlSource): ReturnType<typeof readVariants> {
  const { matrix } = tree;
  if (matrix === undefined) return { variants: spreadMatrix(tree, undefined), mistakes: [] };
  const wrong = (message: string) => ({ variants: [], mistakes: [source.mistakeAt(['matrix'], message)] });
  if (!isListOfMaps(matrix)) {
    return wrong(`expected a list of entries such as "- { validity: P90D }", found ${shown(matrix)}`);
  }
  if (matrix.length > variantsAtMost) {
    return wrong(
      `the matrix has ${matrix.length} entries, and a file can have at most ${variantsAtMost}; split the file`,
    );
  }
  const variants = spreadMatrix(tree, matrix);
  const unused = unusedWords(variants, matrix, source);
  const mistakes = unused.slice(0, mistakesAtMost);
  const [next] = unused.slice(mistakesAtMost);
  if (next !== undefined) {
    mistakes.push({ ...next, message: `more than ${mistakesAtMost} mistakes; the rest of the file is not checked` });
  }
  return { variants, mistakes };
}

type Tree = Readonly<Record<string, unknown>>;

function isListOfMaps(matrix: unknown): matrix is readonly Tree[] {
  return Array.isArray(matrix) && matrix.length > 0 && matrix.every(isMap);
}

function isMap(entry: unknown): entry is Tree {
  return typeof entry === 'object' && entry !== null && !Array.isArray(entry);
}

/** Largest number of variants in a file. To check a thousand variants takes some seconds. */
const variantsAtMost = 1000;

/** Finds matrix values that no placeholder uses. Usually their name is misspelt. */
function unusedWords(variants: readonly Variant[], entries: readonly Tree[], source: YamlSource): Mistake[] {
  return entries.flatMap((entry, index) =>
    Object.keys(entry)
      .filter((word) => word !== 'name' && !(variants[index]?.used.has(word) ?? false))
      .map((word) =>
        source.mistakeAtKey(
          ['matrix', index],
          word,
          `matrix value \`${word}\` is never used; remove it, or write "\${${word}}" where it belongs`,
        ),
      ),
  );
}

/** Returns the variants of a file, one per matrix entry. A file without a matrix has one variant without a name. */
export function spreadMatrix(tree: Tree, entries: readonly Tree[] | undefined): readonly Variant[] {
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

function nameOf(entry: Tree): string {
  const { name, shows: _shows, ...words } = entry;
  if (typeof name === 'string') return name;
  const scalars = Object.entries(words).filter(([, value]) => value === null || typeof value !== 'object');
  return scalars.length > 0
    ? scalars.map(([word, value]) => `${word}=${String(value)}`).join(', ')
    : JSON.stringify(words);
}

function substitute(tree: Tree, entry: Tree, index: number, name: string): Variant {
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
    // The code below omits each key whose matrix value is null. `fromEntries` also creates own properties for names such as __proto__.
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
  const filled = put(asking, []) as Tree;
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
