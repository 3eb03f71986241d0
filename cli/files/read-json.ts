import type { NoText } from './decode-text.ts';
import { readText } from './read-text.ts';

/** Reads a JSON file that a user named. Returns a sentence with the place if it is none. */
export function readJson(path: string): { readonly value: unknown } | { readonly sentence: string } {
  return jsonIn(path, readText(path));
}

/** The same of a text that was read before. */
export function jsonIn(
  path: string,
  text: string | NoText,
): { readonly value: unknown } | { readonly sentence: string } {
  if (typeof text !== 'string') {
    const place = text.shown === undefined ? '' : `line ${text.line}, column ${text.column}: `;
    return { sentence: `${path} cannot be read: ${place}${text.message.replace(/^the file cannot be read: /, '')}` };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { sentence: `${path} cannot be read: ${placeIn(text, said)}it is not JSON: ${said}` };
  }
}

/** Line and column of the position that the reader of JSON tells, or of the end if it says that the text ends too early. */
function placeIn(text: string, said: string): string {
  const told = /at position (\d+)/.exec(said)?.[1];
  const offset = told === undefined ? (/end of JSON/.test(said) ? text.length : undefined) : Number(told);
  if (offset === undefined) return '';
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: `;
}
