import { type Document, isAlias, isCollection, isScalar, type Pair, visit } from 'yaml';
import { suggest } from '../mistakes/suggest.ts';
import { controlIn, invisibleIn } from './invisible.ts';
import type { SyntaxMistake } from './syntax-sentence.ts';

/**
 * What YAML allows and no file of ours means, with its place: aliases without anchor, merge keys, words that are no text,
 * placeholders in place of words, and characters that nobody sees.
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
      // An anchor counts from where it stands: one that comes later is none yet.
      if (!anchors.has(source)) found.push({ offset: range?.[0] ?? 0, message: noAnchor(source, anchors) });
    },
    Pair: (_key, pair) => {
      found.push(...wrongKey(pair));
    },
    Scalar: (key, { value, type, range, anchor }) => {
      if (anchor !== undefined) anchors.add(anchor);
      if (key === 'key' || type !== 'PLAIN' || typeof value !== 'string' || !range) return;
      // A space that a reader sees after a dash or a colon, and YAML does not.
      const unseen = invisibleIn(value);
      if (unseen === undefined || !/^(-|- ?[\w-]+:|[\w-]+:)?$/.test(value.slice(0, unseen.offset))) return;
      found.push({
        offset: range[0] + unseen.offset,
        message: `here is ${unseen.name}; replace it by an ordinary space`,
      });
    },
  });
  return found.toSorted((a, b) => a.offset - b.offset);
}

/** The YAML reader looks for the anchor of each alias from the start of the file. */
const aliasesAtMost = 1000;

function noAnchor(source: string, anchors: ReadonlySet<string>): string {
  const near = suggest(source, [...anchors]) || '; write the value out, or put a text that starts with "*" into quotes';
  return `no anchor &${source} stands before the alias *${source}${near}`;
}

function wrongKey({ key, value }: Pair): readonly SyntaxMistake[] {
  if (isCollection(key)) {
    const isPlaceholder = /^\{ \w[\w-]*(: null)? \}$/.test(String(key));
    const message = isPlaceholder
      ? 'a placeholder stands for a value and needs quotes: "${word}"'
      : 'a list or words cannot stand before a colon; expected one word';
    return [{ offset: key.range?.[0] ?? 0, message }];
  }
  if (isAlias(key))
    return [{ offset: key.range?.[0] ?? 0, message: 'an alias cannot stand before a colon; write the word' }];
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
  if (unseen !== undefined) return `${unseen.name} stands in this word; replace it by an ordinary space or remove it`;
  if (control !== undefined) return `${control.name} stands in this word; remove it`;
  if (word === '__proto__') return 'the name "__proto__" cannot be used; choose another one';
  if (word === '<<' && isPlain) return 'merge keys (<<) are not supported; repeat the words here';
  const placeholder = placeholderIn(word);
  if (placeholder === undefined) return undefined;
  return `\${${placeholder}} stands before a colon, but a placeholder stands for a value; write for instance "expect: "\${${placeholder}}"" and give the whole value in the matrix`;
}

/** `d:{ a: 1 }` and `{ a 1 }`: YAML takes the whole for one word. */
function missingBefore(word: string, value: unknown): string | undefined {
  const glued = /^([\w.-]+):(["'{[].*)$/.exec(word);
  if (glued !== null) return `a space is missing after the colon: "${glued[1]}: ${glued[2]} …"`;
  const [first = '', second] = word.split(' ', 2);
  return second === undefined || value !== null
    ? undefined
    : `a colon is missing after "${first}"; write "${first}: …"`;
}

/** The word of a placeholder in a text; undefined if there is none. */
function placeholderIn(text: string): string | undefined {
  return /\$\{([A-Za-z][\w-]*)\}/.exec(text)?.[1];
}
