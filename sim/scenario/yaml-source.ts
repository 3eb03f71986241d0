import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { aliasInItself } from './alias-in-itself.ts';
import type { Mistake } from './scenario.ts';

/** Words and indices from the root of a file to a value. */
export type Path = readonly (string | number)[];

/** A YAML text with the place of everything in it. */
export class YamlSource {
  readonly file: string;
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(file: string, text: string) {
    this.file = file;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true });
  }

  /** What the YAML reader itself found wrong. */
  mistakes(): readonly Mistake[] {
    const told = [...this.#document.errors, ...this.#document.warnings];
    return told.map((error) => this.#at(error.pos[0], firstSentence(error.message)));
  }

  /** Plain values. Aliases that multiply without end are an error here. */
  value(): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly mistake: Mistake } {
    const endless = aliasInItself(this.#document);
    if (endless !== undefined)
      return { ok: false, mistake: this.#at(endless, 'an alias stands inside what it repeats') };
    try {
      return { ok: true, value: this.#document.toJS({ maxAliasCount: 100 }) };
    } catch (error) {
      return { ok: false, mistake: this.#at(0, error instanceof Error ? firstSentence(error.message) : String(error)) };
    }
  }

  /** A mistake at a value, or at the nearest thing above it that is written. */
  mistakeAt(path: Path, message: string): Mistake {
    return this.#at(this.#offsetOf(path), message);
  }

  /** A mistake at the word itself, not at its value. */
  mistakeAtKey(path: Path, key: string, message: string): Mistake {
    const parent = this.#nodeAt(path);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
    return this.#at(offset ?? this.#offsetOf(path), message);
  }

  /** Line and column of a value, both from 1. */
  placeOf(path: Path): { readonly line: number; readonly column: number } {
    const { line, column } = this.#at(this.#offsetOf(path), '');
    return { line, column };
  }

  /** Line and column of a word. */
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

  #nodeAt(path: Path): Node | undefined {
    let node: unknown = this.#document.contents;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (!isMap(node) && !isSeq(node)) return undefined;
      node = node.get(step, true);
    }
    return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
  }
}

function firstSentence(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}
