import { failed, type Result, succeeded } from '../../core/result.ts';
import type { TextFailure } from './decode-text.ts';
import { readText } from './read-text.ts';

/** Reads a JSON file that the user named. A failure names file, line and column. */
export function readJson(path: string): Result<unknown> {
  return jsonIn(path, readText(path));
}

/** Parses the text of a JSON file. */
export function jsonIn(path: string, text: Result<string, TextFailure>): Result<unknown> {
  if (!text.ok) {
    const { line, column, shown, sentence } = text.failure;
    const place = shown === undefined ? '' : `line ${line}, column ${column}: `;
    return failed(
      'unreadable',
      `${path} cannot be read: ${place}${sentence.replace(/^the file cannot be read: /, '')}`,
    );
  }
  try {
    return succeeded(JSON.parse(text.value));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed('not-json', `${path} cannot be read: ${placeIn(text.value, message)}it is not JSON: ${message}`);
  }
}

/** Returns the line and column to which a message of `JSON.parse` refers, or the end of the text if the text is incomplete. */
function placeIn(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const offset = position === undefined ? (/end of JSON/.test(message) ? text.length : undefined) : Number(position);
  if (offset === undefined) return '';
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: `;
}
