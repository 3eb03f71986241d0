import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../yaml-source.ts';

/** A new value for a choice. The value null removes the YAML key. */
export type Chosen = string | number | boolean | null | readonly string[];

/**
 * Changes one value in the text of a scenario file. Every other character stays, so comments and layout are kept.
 * @param shorthand key that a bare value stands for: `power-on: sensor` is `power-on: { device: sensor }`.
 * @returns the new text, or undefined if the text does not have this path.
 */
export function choose(text: string, path: Path, value: Chosen, shorthand = 'device'): string | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  const word = path.at(-1);
  // Writes null in the matrix, because null removes the key from the variant. A missing matrix value would leave its placeholder without a
  // value.
  const isMatrixWord = path[0] === 'matrix' && path.length === 3;
  if (word === undefined || document.errors.length > 0) return undefined;
  const parent = nodeAt(document, path.slice(0, -1));
  if (isSeq(parent)) {
    const item = parent.get(Number(word), true);
    return isNode(item) ? splice(text, rangeOf(item), written(value)) : undefined;
  }
  if (isMap(parent)) return inMap(text, parent, String(word), value === null && isMatrixWord ? { raw: 'null' } : value);
  if (value === null) return isBareFor(parent, word, shorthand) ? splice(text, rangeOf(parent), '{}') : text;
  const entry = `${keyText(String(word))}: ${written(value)}`;
  // The parent is empty or has a bare value.
  if (isScalar(parent) && parent.value !== null) {
    const range = rangeOf(parent);
    if (word === shorthand) return splice(text, range, written(value));
    return splice(text, range, `{ ${shorthand}: ${text.slice(...range)}, ${entry} }`);
  }
  const above = nodeAt(document, path.slice(0, -2));
  const name = path.at(-2);
  if (above === undefined && path.length === 3) {
    // The whole section is missing, such as `cloud` for `cloud webhook answer`.
    const [section] = path;
    const root = document.contents;
    return isMap(root) ? inMap(text, root, String(section), { raw: `{ ${String(name)}: { ${entry} } }` }) : undefined;
  }
  if (!isMap(above) || name === undefined) return undefined;
  const pair = pairOf(above, String(name));
  if (pair === undefined) return inMap(text, above, String(name), { raw: `{ ${entry} }` });
  const end = isScalar(pair.key) ? (pair.key.range?.[1] ?? 0) : 0;
  const colon = text.indexOf(':', end);
  return colon < 0 ? undefined : splice(text, [colon + 1, colon + 1], ` { ${entry} }`);
}

/** Removes a key with its value, also from a matrix entry. Returns undefined if the text does not have this key. */
export function removeKey(text: string, path: Path): string | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  const parent = nodeAt(document, path.slice(0, -1));
  return isMap(parent) ? inMap(text, parent, String(path.at(-1)), null) : undefined;
}

/** Returns true if the parent is a bare value that stands for the key `word`. */
function isBareFor(parent: unknown, word: string | number, shorthand: string): parent is Ranged {
  return word === shorthand && isScalar(parent) && parent.value !== null;
}

type Written = Chosen | { readonly raw: string };

function inMap(text: string, map: YAMLMap, word: string, value: Written): string | undefined {
  const pair = pairOf(map, word);
  if (pair !== undefined && value === null) return without(text, map, pair);
  if (pair !== undefined) {
    if (isNode(pair.value)) return splice(text, rangeOf(pair.value), written(value));
    return undefined;
  }
  if (value === null) return text;
  const entry = `${keyText(word)}: ${written(value)}`;
  const [start, end] = rangeOf(map);
  if (map.flow === true) {
    const close = text.lastIndexOf('}', end - 1);
    const inside = text.slice(start + 1, close).trimEnd();
    return splice(text, [start + 1 + inside.length, close], `${inside === '' ? ' ' : ', '}${entry} `);
  }
  const last = map.items.at(-1);
  if (last === undefined || !isScalar(last.key)) return undefined;
  const indent = columnOf(text, last.key.range?.[0] ?? 0);
  const after = text
    .slice(0, isNode(last.value) ? rangeOf(last.value)[1] : (last.key.range?.[2] ?? 0))
    .trimEnd().length;
  // A comment after the last value must stay on its line.
  const lineEnd = text.indexOf('\n', after);
  const place = lineEnd < 0 ? text.length : lineEnd;
  return splice(text, [place, place], `\n${' '.repeat(indent)}${entry}`);
}

/** Removes a YAML key with its value. If the map had only this key, the map becomes `{}`. */
function without(text: string, map: YAMLMap, pair: Pair): string | undefined {
  const index = map.items.indexOf(pair);
  const next = map.items[index + 1];
  const previous = map.items[index - 1];
  if (map.flow === true) {
    if (next !== undefined) return splice(text, [startOf(pair), startOf(next)], '');
    if (previous !== undefined) return splice(text, [endOf(previous), endOf(pair)], '');
    return splice(text, [startOf(pair), endOf(pair)], '');
  }
  if (previous === undefined && next === undefined) return splice(text, rangeOf(map), '{}');
  if (previous === undefined && next !== undefined) return splice(text, [startOf(pair), startOf(next)], '');
  const end = endOf(pair);
  const lineEnd = text.indexOf('\n', end);
  const lineStart = text.lastIndexOf('\n', startOf(pair));
  return splice(text, [lineStart, lineEnd < 0 ? text.length : lineEnd], '');
}

/** Returns the offset at which a YAML key starts. */
function startOf({ key }: Pair): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

function endOf({ key, value }: Pair): number {
  if (isNode(value)) return rangeOf(value)[1];
  return isScalar(key) ? (key.range?.[1] ?? 0) + 1 : 0;
}

function written(value: Written): string {
  if (typeof value === 'object' && value !== null && 'raw' in value) return value.raw;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map(scalarText).join(', ')}]`;
  return typeof value === 'string' ? scalarText(value) : String(value);
}

/** Returns a string as a YAML scalar: unquoted if YAML reads it back as the same string, otherwise quoted. */
function scalarText(value: string): string {
  const isPlain = /^[A-Za-z][\w-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value);
  return isPlain ? value : JSON.stringify(value);
}

function keyText(word: string): string {
  return scalarText(word);
}

function nodeAt(document: Document.Parsed, path: Path): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (!isMap(node) && !isSeq(node)) return undefined;
    node = node.get(step, true);
  }
  return node;
}

function pairOf(map: YAMLMap, word: string): Pair | undefined {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === word);
}

type Ranged = { readonly range?: readonly [number, number, number] | null | undefined };

function isNode(node: unknown): node is Ranged {
  return isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
}

/** Returns two offsets: the first character of a value, and the end after its last character. */
function rangeOf(node: Ranged): [number, number] {
  const [start = 0, end = 0] = node.range ?? [];
  return [start, end];
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function splice(text: string, [start, end]: readonly [number, number], inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
