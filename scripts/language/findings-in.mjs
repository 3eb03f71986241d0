import { rules } from './rules.mjs';
import { textsOf } from './texts-of.mjs';

/**
 * Returns the banned patterns in the prose of a file. Code, code spans, fenced blocks and identifiers are no prose.
 *
 * @param {string} file name of the file, from which the format follows.
 * @param {string} source
 * @returns {{ line: number, found: string, advice: string }[]} `line` counts from 1.
 */
export function findingsIn(file, source) {
  return textsOf(file, source).flatMap(({ text, line, kind }) =>
    rules
      .filter(({ kinds }) => kinds === undefined || kinds.includes(kind))
      .flatMap(({ pattern, except, advice }) =>
        [...text.matchAll(pattern)]
          .filter((match) => except?.test(contextOf(text, match)) !== true)
          .map((match) => ({ line: line + linesBefore(text, match), found: match[0].trim(), advice })),
      ),
  );
}

function contextOf(text, { 0: found, index }) {
  return text.slice(Math.max(0, index - 40), index + found.length + 40);
}

/** A match may begin with line breaks, which are not part of the finding. */
function linesBefore(text, { 0: found, index }) {
  const start = index + found.length - found.trimStart().length;
  return text.slice(0, start).split('\n').length - 1;
}
