import type { Failure, Result } from '../../core/result.ts';
import { succeeded } from '../../core/result.ts';

/** The reason why bytes cannot be decoded as UTF-8, and the position of the first wrong byte. */
export interface TextFailure extends Failure {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** The bytes decoded as Latin-1, to print the lines around the wrong byte. Undefined if they cannot be printed, as with UTF-16. */
  readonly shown?: string;
}

/** Wraps the reason why a text cannot be read. */
export function textFailure(failure: TextFailure): Result<never, TextFailure> {
  return { ok: false, failure };
}

/** Decodes UTF-8, with or without a byte order mark. A failure names the encoding if it is recognised. */
export function decodeText(bytes: Buffer): Result<string, TextFailure> {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) {
    return textFailure({ code: 'encoding', sentence: `the file is ${wide}; save it as UTF-8`, line: 1, column: 1 });
  }
  const text = bytes.toString('utf8');
  const wrong = firstDifference(bytes, text);
  if (wrong === undefined) return succeeded(text.replace(/^\ufeff/, ''));
  const shown = bytes.toString('latin1');
  const lineStart = bytes.lastIndexOf('\n', wrong - 1) + 1;
  const byte = bytes[wrong] ?? 0;
  const letter = byte >= 0xa0 ? ` (in Latin-1 this byte is "${shown[wrong] ?? ''}")` : '';
  return textFailure({
    code: 'encoding',
    line: bytes.subarray(0, wrong).filter((each) => each === 0x0a).length + 1,
    column: bytes.subarray(wrong === 0 ? 0 : lineStart, wrong).toString('utf8').length + 1,
    sentence: `the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} is not UTF-8${letter}; save the file as UTF-8`,
    shown,
  });
}

/** Recognises UTF-16 and UTF-32 by the byte order mark, or by the zero bytes beside Latin letters. */
function wideEncoding(bytes: Buffer): string | undefined {
  const marks: readonly (readonly [string, readonly number[]])[] = [
    ['UTF-32', [0xff, 0xfe, 0, 0]],
    ['UTF-32', [0, 0, 0xfe, 0xff]],
    ['UTF-16', [0xff, 0xfe]],
    ['UTF-16', [0xfe, 0xff]],
  ];
  const marked = marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte));
  if (marked !== undefined) return marked[0];
  const start = bytes.subarray(0, 400);
  const zerosAt = (parity: number): number =>
    start.filter((byte, index) => byte === 0 && index % 2 === parity).length / (start.length / 2);
  return start.length >= 4 && Math.max(zerosAt(0), zerosAt(1)) > 0.7 ? 'UTF-16' : undefined;
}

/** Returns the offset of the first byte that differs from the UTF-8 form of the text. */
function firstDifference(bytes: Buffer, text: string): number | undefined {
  const written = Buffer.from(text);
  if (written.equals(bytes)) return undefined;
  for (let at = 0; at < bytes.length; at++) if (written[at] !== bytes[at]) return at;
  return bytes.length;
}
