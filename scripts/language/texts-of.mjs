import { parseSync } from 'oxc-parser';
import { LineCounter, isPair, isScalar, parseDocument, visit } from 'yaml';

/**
 * Returns the prose of a file: what a person reads, without code.
 *
 * @param {string} file name of the file, from which the format follows.
 * @param {string} source
 * @returns {{ text: string, line: number, kind: 'doc' | 'comment' | 'string' }[]} `line` counts from 1.
 */
export function textsOf(file, source) {
  if (file.endsWith('.md')) return [{ text: withoutCode(source), line: 1, kind: 'doc' }];
  if (/\.ya?ml$/.test(file)) return textsOfYaml(source);
  return textsOfCode(file, source);
}

/**
 * Replaces fenced blocks, code spans, link targets and quoted lines by blanks of the same length, so that the line numbers of findings are
 * correct.
 */
function withoutCode(markdown) {
  return markdown
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, blanked)
    .replace(/`[^`\n]*`/g, blanked)
    .replace(/\]\([^)\n]*\)/g, blanked)
    .replace(/<!--[\s\S]*?-->/g, blanked);
}

function blanked(text) {
  return text.replace(/[^\n]/g, ' ');
}

/** Returns the comments, and every text of at least three words: titles, stories, sentences of the user. */
function textsOfYaml(source) {
  const texts = [];
  for (const [index, line] of source.split('\n').entries()) {
    const comment = /(?:^|\s)#(.*)$/.exec(line);
    if (comment) texts.push({ text: withoutCode(comment[1]), line: index + 1, kind: 'comment' });
  }
  const counter = new LineCounter();
  visit(parseDocument(source, { lineCounter: counter }), {
    Scalar: (key, node, path) => {
      if (typeof node.value !== 'string' || !isSentence(node.value) || !isScalar(node)) return;
      if (isVariantName(path)) return;
      texts.push({ text: withoutCode(node.value), line: counter.linePos(node.range[0]).line, kind: 'string' });
    },
  });
  return texts;
}

/** The name of a matrix entry must not change, because it is part of a scenario ID in baselines (docs/style.md, "Words that stay"). */
function isVariantName(path) {
  const keys = path.filter(isPair).map(({ key }) => key?.value);
  return keys.length === 2 && keys[0] === 'matrix' && keys[1] === 'name';
}

function isSentence(text) {
  return /\w+\s+\w+\s+\w+/.test(text);
}

/** Returns comments, literals and text between tags. A template is one text, in which a blank replaces each expression. */
function textsOfCode(file, source) {
  const { program, comments } = parseSync(file, source);
  const texts = joined(comments, source).map(({ text, start }) => ({
    text: withoutCode(text),
    line: lineAt(source, start),
    kind: 'comment',
  }));
  for (const { text, start } of literalsOf(program)) {
    if (isSentence(text)) texts.push({ text: withoutCode(text), line: lineAt(source, start), kind: 'string' });
  }
  return texts;
}

/** Line comments that follow each other are one text. The text of a block comment does not include the stars. */
function joined(comments, source) {
  const texts = [];
  for (const { type, value, start, end } of comments) {
    const text = type === 'Block' ? value.replace(/^[ \t]*\*+ ?/gm, '') : value;
    const last = texts.at(-1);
    if (type === 'Line' && last?.type === 'Line' && /^\s*$/.test(source.slice(last.end, start))) {
      last.text += `\n${text}`;
      last.end = end;
    } else {
      texts.push({ text, start, end, type });
    }
  }
  return texts;
}

function* literalsOf(node) {
  if (node === null || typeof node !== 'object') return;
  if (Array.isArray(node)) {
    for (const item of node) yield* literalsOf(item);
    return;
  }
  if (node.type === 'Literal' && typeof node.value === 'string') yield { text: node.value, start: node.start };
  if (node.type === 'JSXText') yield { text: node.value, start: node.start };
  if (node.type === 'TemplateLiteral') {
    yield { text: node.quasis.map(({ value }) => value.cooked ?? value.raw).join(' … '), start: node.start };
  }
  for (const [key, value] of Object.entries(node)) if (key !== 'parent') yield* literalsOf(value);
}

function lineAt(source, offset) {
  let line = 1;
  for (let at = source.indexOf('\n'); at !== -1 && at < offset; at = source.indexOf('\n', at + 1)) line += 1;
  return line;
}
