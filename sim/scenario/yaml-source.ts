import {
  Composer,
  Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type YAMLMap,
} from 'yaml';
import { aliasInItself } from './mistakes/alias-in-itself.ts';
import type { Mistake } from './mistakes/mistake.ts';
import { duplicateWords } from './yaml/duplicate-words.ts';
import { controlIn } from './yaml/invisible.ts';
import { deepest, isTooDeep, tooDeepAt } from './yaml/nesting.ts';
import { structureMistakes } from './yaml/structure-mistakes.ts';
import { duplicateSentence, type SyntaxMistake, syntaxSentence } from './yaml/syntax-sentence.ts';

/** YAML keys and list indices that lead from the root of a file to a value. */
export type Path = readonly (string | number)[];

/** A YAML text that knows the line and column of each key and value. */
export class YamlSource {
  readonly file: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #mistakes: readonly SyntaxMistake[];
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(file: string, text: string) {
    this.file = file;
    const { document, mistakes } = read(text.replace(/^\ufeff/, ''), this.#lines);
    this.#document = document;
    this.#mistakes = mistakes;
  }

  /**
   * Returns the mistakes that make the text unreadable: the first syntax error and each duplicate key. Later syntax errors are not
   * reliable. If the syntax is right, returns every YAML feature that scenario files do not support.
   */
  mistakes(): readonly Mistake[] {
    return this.#mistakes.map(({ offset, message }) => this.#at(offset, message));
  }

  /** Returns the content as plain values, or a mistake if its aliases expand to too many values. */
  value(): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly mistake: Mistake } {
    const endless = aliasInItself(this.#document);
    if (endless !== undefined)
      return {
        ok: false,
        mistake: this.#at(endless, 'an alias refers to a value that contains the alias itself; write the value out'),
      };
    try {
      const value: unknown = this.#document.toJS({ maxAliasCount: 100 });
      if (isTooDeep(value)) return { ok: false, mistake: this.#at(0, tooDeep('its aliases are')) };
      return { ok: true, value };
    } catch (error) {
      // The YAML library throws a ReferenceError for too many aliases, and a RangeError for deeply nested aliases.
      if (!(error instanceof ReferenceError) && !(error instanceof RangeError)) throw error;
      const message =
        error instanceof RangeError
          ? tooDeep('its aliases are')
          : 'the aliases repeat too much: the file would become more than a hundred times as large; write the values out';
      return { ok: false, mistake: this.#at(0, message) };
    }
  }

  /** Returns a mistake at a value. If the file does not contain the value, the mistake is at the nearest value above it. */
  mistakeAt(path: Path, message: string): Mistake {
    return this.#at(this.#offsetOf(path), message);
  }

  /** Returns a mistake at a YAML key, not at its value. */
  mistakeAtKey(path: Path, key: string, message: string): Mistake {
    const parent = this.#nodeAt(path);
    const pair = isMap(parent) ? this.#pairsOf(parent).get(key) : undefined;
    const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return this.#at(offset ?? this.#offsetOf(path), message);
  }

  /** Returns line and column of a value, both from 1. */
  placeOf(path: Path): { readonly line: number; readonly column: number } {
    const { line, column } = this.#at(this.#offsetOf(path), '');
    return { line, column };
  }

  /** Returns line and column of a YAML key, both from 1. */
  placeOfKey(path: Path, key: string): { readonly line: number; readonly column: number } {
    const { line, column } = this.mistakeAtKey(path, key, '');
    return { line, column };
  }

  #at(offset: number, message: string): Mistake {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line: Math.max(1, line), column: Math.max(1, col), message };
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const offset = this.#nodeAt(path.slice(0, length))?.range?.[0];
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  /** Indexes the pairs of a map by their keys. The YAML library would search linearly for each key. */
  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known !== undefined) return known;
    const pairs = new Map<string, Pair>();
    for (const pair of map.items) {
      const word = isScalar(pair.key) ? String(pair.key.value) : undefined;
      if (word !== undefined && !pairs.has(word)) pairs.set(word, pair);
    }
    this.#pairs.set(map, pairs);
    return pairs;
  }

  #nodeAt(path: Path): Node | undefined {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (!isMap(node) && !isSeq(node)) return undefined;
      node = isMap(node) ? this.#pairsOf(node).get(String(step))?.value : node.get(step, true);
    }
    return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }
}

function read(
  text: string,
  lines: LineCounter,
): { readonly document: Document; readonly mistakes: readonly SyntaxMistake[] } {
  const control = controlIn(text);
  if (control !== undefined) {
    lines.addNewLine(0);
    for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
    const message = `found ${control.name}, a control character; remove it`;
    return { document: new Document(), mistakes: [{ offset: control.offset, message }] };
  }
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tooDeepAt(tokens);
  if (deep !== undefined)
    return { document: new Document(), mistakes: [{ offset: deep, message: tooDeep('this is') }] };
  // Does the same as `parseDocument` of the library, but from tokens whose nesting depth the code above has checked.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const [document = new Document(), second] = [...composer.compose(tokens, true, text.length)];
  const [first] = [...document.errors, ...document.warnings];
  const mistakes = duplicateWords(document).map((offset) => duplicateSentence(offset, text));
  if (first !== undefined) mistakes.push(syntaxSentence(first, text, document));
  if (mistakes.length === 0 && second !== undefined) {
    const message = 'a second document starts here ("---"); put it into a separate file';
    mistakes.push({ offset: second.range?.[0] ?? 0, message });
  }
  return { document, mistakes: mistakes.length > 0 ? mistakes : structureMistakes(document) };
}

function tooDeep(what: string): string {
  return `${what} nested more than ${deepest} levels deep; use fewer levels`;
}
