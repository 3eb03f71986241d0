import { type Document, isSeq, visit, type YAMLError } from 'yaml';
import { invisibleIn } from './invisible.ts';

/** A syntax error in a YAML file. The offset is the position that the author has to change. */
export interface SyntaxMistake {
  /** Offset in characters. */
  readonly offset: number;
  readonly message: string;
}

/** Converts an error of the YAML library into a mistake with place, cause and remedy. */
export function syntaxSentence(error: YAMLError, text: string, document: Document): SyntaxMistake {
  const at = { offset: error.pos[0], text, document, said: error.message.split('\n', 1)[0] ?? '' };
  if (at.said.startsWith('Sequence item without')) return indentation(at);
  return invisibleSpace(at) ?? placeholder(at) ?? (sentences[error.code] ?? asSaid)(at);
}

/** Returns the mistake for a YAML key that occurs a second time in its map. */
export function duplicateSentence(offset: number, text: string): SyntaxMistake {
  return { offset, message: `the word ${quoted(wordAt(text, offset))} occurs twice in this map; keep one of them` };
}

interface Found {
  readonly offset: number;
  readonly text: string;
  readonly document: Document;
  /** The error message of the YAML library. */
  readonly said: string;
}

const sentences: Partial<Record<YAMLError['code'], (found: Found) => SyntaxMistake>> = {
  ALIAS_PROPS: ({ offset }) => ({ offset, message: 'an alias cannot have an anchor or a tag; remove them' }),
  BAD_ALIAS: ({ offset }) => ({ offset, message: '"*" starts an alias; put a text that starts with "*" into quotes' }),
  BAD_DIRECTIVE: ({ offset }) => ({ offset, message: 'lines that start with "%" are not supported; remove this line' }),
  BAD_DQ_ESCAPE: ({ offset, text }) => {
    const escape = text.slice(offset, offset + 2);
    return {
      offset,
      message: `"${escape}" is not an escape inside double quotes; write "\\${escape}", or use single quotes`,
    };
  },
  BAD_INDENT: indentation,
  BAD_SCALAR_START: ({ offset, text }) => ({
    offset,
    message: `a text cannot start with "${text[offset]}"; put it into quotes`,
  }),
  BLOCK_AS_IMPLICIT_KEY: nestedWord,
  BLOCK_IN_FLOW: ({ offset, text }) => ({
    offset,
    message: text.startsWith('-', offset)
      ? 'lines with "-" cannot be inside { } or [ ]; close the bracket first, or write the list as [a, b]'
      : 'a comma is missing after this value; write { a: 1, b: 2 }',
  }),
  KEY_OVER_1024_CHARS: ({ offset }) => ({
    offset,
    message: 'this word has more than 1024 characters; a closing quote or a line break is probably missing',
  }),
  MISSING_CHAR: missing,
  MULTILINE_IMPLICIT_KEY: missingColon,
  TAB_AS_INDENT: ({ offset }) => ({
    offset,
    message: 'a tab is used to indent; replace the tabs of the file by spaces',
  }),
  TAG_RESOLVE_FAILED: ({ offset, text }) => ({
    offset,
    message: `the tag ${quoted(/^\S*/.exec(text.slice(offset))?.[0] ?? '')} is not supported; remove it, or put a text that starts with "!" into quotes`,
  }),
  UNEXPECTED_TOKEN: unexpected,
};

function asSaid({ offset, said }: Found): SyntaxMistake {
  return { offset, message: `this is not valid YAML: ${said}` };
}

/** Finds an unusual space in the line of the mistake. YAML treats such a space as a letter. */
function invisibleSpace({ offset, text }: Found): SyntaxMistake | undefined {
  const { start, line } = lineAt(text, offset);
  const unseen = invisibleIn(line);
  // An unusual space inside a string is harmless.
  if (unseen === undefined || !/(^|[-:,{[])[ \t]*$/.test(line.slice(0, unseen.offset))) return undefined;
  return { offset: start + unseen.offset, message: `found ${unseen.name}; replace it by an ordinary space` };
}

/** Explains `{ device: ${x} }`: YAML reads the braces of the placeholder as a map. */
function placeholder({ offset, text }: Found): SyntaxMistake | undefined {
  const { start, line } = lineAt(text, offset);
  for (const match of line.matchAll(/(["']?)(\$\{[A-Za-z][\w-]*\})/g)) {
    const at = start + match.index;
    if (match[1] === '' && at <= offset && offset <= at + match[0].length) {
      return { offset: at, message: `a placeholder needs quotes here: "${match[2]}"` };
    }
  }
  return undefined;
}

function indentation(found: Found): SyntaxMistake {
  const open = openBracket(found);
  if (found.said.startsWith('Flow') && open !== undefined) return open;
  const { start, line } = lineAt(found.text, found.offset);
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  return {
    offset: start + indent,
    message: `this line is indented by ${indent === 1 ? '1 space' : `${indent} spaces`}, which matches no line above it; words of the same object start in the same column`,
  };
}

/** Explains a second colon, as in `title: T: what`, or a next line that belongs to the same string because of its indentation. */
function nestedWord({ offset, text }: Found): SyntaxMistake {
  const { start, line } = lineAt(text, offset);
  const rest = line.slice(offset - start);
  if (/^\s*-\s/.test(rest)) {
    return {
      offset: offset + rest.indexOf('-'),
      message:
        'the "-" of this line is in another column than the "-" of the lines above; put them into the same column',
    };
  }
  if (/:(\s|$)/.test(rest)) {
    const value = withoutComment(rest);
    return { offset, message: `a text with ": " in it needs quotes: ${JSON.stringify(value)}` };
  }
  const next = nextLine(text, start + line.length);
  if (next === undefined) return { offset, message: 'unexpected colon; put the text into quotes' };
  const word = start + line.search(/[^\s-]/) - start + 1;
  return {
    offset: next.start + next.indent,
    message: `this line is indented too far (column ${next.indent + 1}); a word on the level of the line above starts in column ${word}`,
  };
}

function missing(found: Found): SyntaxMistake {
  const { offset, text, document, said } = found;
  if (said.startsWith('Missing closing')) {
    const quote = text.slice(openQuote(document, offset) ?? offset)[0] === "'" ? "'" : '"';
    return {
      offset: openQuote(document, offset) ?? offset,
      message: `the text that starts with ${quote} here is never closed; add ${quote} at its end`,
    };
  }
  if (said.startsWith('Implicit map keys')) return missingColon(found);
  if (said.includes('between flow')) return { offset, message: 'a comma is missing before this value' };
  return openBracket(found) ?? asSaid(found);
}

function missingColon({ offset, text, said }: Found): SyntaxMistake {
  const own = lineAt(text, offset);
  const hasColon = /:(\s|$)/.test(own.line);
  const before = hasColon ? previousLine(text, own.start) : own;
  const { start, line } = before !== undefined && !/:(\s|$)/.test(before.line) ? before : own;
  const indent = /^[\s-]*/.exec(line)?.[0].length ?? 0;
  const words = withoutComment(line.slice(indent));
  const glued = /^([^\s:]+):(\S.*)$/.exec(words);
  if (glued !== null) {
    return { offset: start + indent, message: `a space is missing after the colon: "${glued[1]}: ${glued[2]}"` };
  }
  if (/:(\s|$)/.test(line)) return { offset, message: `this is not valid YAML: ${said}` };
  const [word = ''] = words.split(/\s/, 1);
  return { offset: start + indent, message: `a colon is missing after ${quoted(word)}; write "${word}: …"` };
}

function unexpected(found: Found): SyntaxMistake {
  const { offset, text, said } = found;
  const sign = text[offset] ?? '';
  if (said.includes('at node end')) {
    return {
      offset,
      message: `there is text after the closing quote; inside single quotes write '' for a quote, inside double quotes write \\"`,
    };
  }
  if (said.startsWith('Block scalar header'))
    return { offset, message: 'no text may follow "|" or ">" in the same line; start the text in the next line' };
  if (sign === ',') return { offset, message: 'there is a comma too many, or a value is missing before the comma' };
  if ('}]'.includes(sign)) return { offset, message: `"${sign}" has no opening bracket` };
  return asSaid(found);
}

/** Finds the opening bracket of the list or map around the mistake, which is never closed. */
function openBracket({ offset, document }: Found): SyntaxMistake | undefined {
  let at: number | undefined;
  let sign = '}';
  visit(document, {
    Collection: (_key, node) => {
      if (node.flow !== true || !node.range || node.range[0] > offset || node.range[2] < offset) return;
      at = node.range[0];
      sign = isSeq(node) ? ']' : '}';
    },
  });
  if (at === undefined) return undefined;
  return { offset: at, message: `the bracket that opens here is not closed; add "${sign}" at its end` };
}

/** Returns the offset at which an unclosed quoted string starts. */
function openQuote(document: Document, offset: number): number | undefined {
  let at: number | undefined;
  visit(document, {
    Scalar: (_key, node) => {
      const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
      if (isQuoted && node.range && node.range[0] <= offset) at = node.range[0];
    },
  });
  return at;
}

interface Line {
  readonly start: number;
  readonly line: string;
}

function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { start, line: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '') };
}

function previousLine(text: string, start: number): Line | undefined {
  for (let at = start - 1; at > 0;) {
    const line = lineAt(text, at);
    if (line.line.trim() !== '' && !line.line.trim().startsWith('#')) return line;
    at = line.start - 1;
  }
  return undefined;
}

function nextLine(text: string, from: number): { readonly start: number; readonly indent: number } | undefined {
  const match = /\n([ \t]*)[^\s#]/.exec(text.slice(from));
  return match === null ? undefined : { start: from + match.index + 1, indent: match[1]?.length ?? 0 };
}

function wordAt(text: string, offset: number): string {
  const found = /^("([^"]*)"|'([^']*)'|[^\s:,]+)/.exec(text.slice(offset));
  return found?.[2] ?? found?.[3] ?? found?.[0] ?? '';
}

function quoted(word: string): string {
  return JSON.stringify(word);
}

/** Returns a line without its comment and its trailing spaces. */
function withoutComment(line: string): string {
  const at = line.search(/\s#/);
  return (at < 0 ? line : line.slice(0, at)).trimEnd();
}
