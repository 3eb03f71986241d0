import { type Document, isAlias, isCollection, isScalar, type Pair, visit } from 'yaml';
import { suggest } from '../mistakes/suggest.ts';
import { controlIn, invisibleIn } from './invisible.ts';
import type { SyntaxMistake } from './syntax-sentence.ts';

/**
 * Finds valid YAML that scenario files do not support: aliases without an anchor, merge keys, keys that are not strings, placeholders as
 * keys, and invisible characters.
 */
export function structureMistakes(document: Document): readonly SyntaxMistake[] {
  const found: SyntaxMistake[] = [];
  const anchors = new Set<string>();
  let aliases = 0;
  visit(document, {
    Collection: (_key, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Alias: (_key, { source, range }) => {
      aliases++;
      if (aliases === aliasesAtMost) {
        const message = `more than ${aliasesAtMost} aliases in one file; write the values out, or use a matrix`;
        found.push({ offset: range?.[0] ?? 0, message });
      }
      // An alias may refer only to an earlier anchor.
      if (!anchors.has(source)) found.push({ offset: range?.[0] ?? 0, message: noAnchor(source, anchors) });
    },
    Pair: (_key, pair) => {
      found.push(...wrongKey(pair));
    },
    Scalar: (key, { value, type, range, anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
      if (key === 'key' || type !== 'PLAIN' || typeof value !== 'string' || !range) return;
      // The character may be an unusual space after a dash or a colon, which YAML treats as a letter.
      const unseen = invisibleIn(value);
      if (unseen === undefined || !/^(-|- ?[\w-]+:|[\w-]+:)?$/.test(value.slice(0, unseen.offset))) return;
      found.push({
        offset: range[0] + unseen.offset,
        message: `found ${unseen.name}; replace it by an ordinary space`,
      });
    },
  });
  return found.toSorted((a, b) => a.offset - b.offset);
}

/** Largest number of aliases in a file. For each alias, the YAML library searches for the anchor from the start of the file. */
const aliasesAtMost = 1000;

function noAnchor(source: string, anchors: ReadonlySet<string>): string {
  const near = suggest(source, [...anchors]) || '; write the value out, or put a text that starts with "*" into quotes';
  return `the alias *${source} has no anchor &${source} before it${near}`;
}

function wrongKey({ key, value }: Pair): readonly SyntaxMistake[] {
  if (isCollection(key)) {
    const isPlaceholder = /^\{ \w[\w-]*(: null)? \}$/.test(String(key));
    const message = isPlaceholder
      ? 'a placeholder can only replace a value, and needs quotes: "${word}"'
      : 'a list or a map is in the place of a word; write a single word before the colon';
    return [{ offset: key.range?.[0] ?? 0, message }];
  }
  if (isAlias(key))
    return [
      {
        offset: key.range?.[0] ?? 0,
        message: 'an alias cannot be in the place of a word before a colon; write the word itself',
      },
    ];
  if (!isScalar(key)) return [];
  const offset = key.range?.[0] ?? 0;
  const isPlain = key.type === 'PLAIN' || key.type === undefined;
  const message = wrongWord(key.value, isPlain) ?? (isPlain ? missingBefore(String(key.value), value) : undefined);
  return message === undefined ? [] : [{ offset, message }];
}

function wrongWord(value: unknown, isPlain: boolean): string | undefined {
  if (value === null || value === '') return 'a word is missing before the colon';
  const word = typeof value === 'string' ? value : JSON.stringify(value);
  const [unseen, control] = [invisibleIn(word), controlIn(word)];
  if (unseen !== undefined) return `this word contains ${unseen.name}; replace it by an ordinary space or remove it`;
  if (control !== undefined) return `this word contains ${control.name}; remove it`;
  if (word === '__proto__') return 'the name "__proto__" cannot be used; choose another name';
  if (word === '<<' && isPlain) return 'merge keys (<<) are not supported; repeat the words here';
  const placeholder = placeholderIn(word);
  if (placeholder === undefined) return undefined;
  return `\${${placeholder}} is used as a word, but a placeholder can only replace a value; write for instance "expect: "\${${placeholder}}"" and give the whole value in the matrix`;
}

/** Explains a missing space or colon, as in `d:{ a: 1 }` and `{ a 1 }`. YAML reads such a text as one key. */
function missingBefore(word: string, value: unknown): string | undefined {
  const glued = /^([\w.-]+):(["'{[].*)$/.exec(word);
  if (glued !== null) return `a space is missing after the colon: "${glued[1]}: ${glued[2]} …"`;
  const [first = '', second] = word.split(' ', 2);
  return second === undefined || value !== null
    ? undefined
    : `a colon is missing after "${first}"; write "${first}: …"`;
}

/** Returns the name inside a placeholder; undefined if the text has no placeholder. */
function placeholderIn(text: string): string | undefined {
  return /\$\{([A-Za-z][\w-]*)\}/.exec(text)?.[1];
}
