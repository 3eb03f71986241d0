/** Why bytes are no text, and where. */
export interface NoText {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** As much of the text as can be shown; undefined if none can. */
  readonly shown?: string;
}

/** Reads bytes as UTF-8, with or without a byte order mark; what is in another encoding is recognised and named. */
export function decodeText(bytes: Buffer): string | NoText {
  const wide = wideEncoding(bytes);
  if (wide !== undefined) {
    return { line: 1, column: 1, message: `the file is ${wide}; save it as UTF-8` };
  }
  const text = bytes.toString('utf8');
  const wrong = firstDifference(bytes, text);
  if (wrong === undefined) return text.replace(/^\ufeff/, '');
  const shown = bytes.toString('latin1');
  const lineStart = bytes.lastIndexOf('\n', wrong - 1) + 1;
  const byte = bytes[wrong] ?? 0;
  const letter = byte >= 0xa0 ? ` (in Latin-1 this byte is "${shown[wrong] ?? ''}")` : '';
  return {
    line: bytes.subarray(0, wrong).filter((each) => each === 0x0a).length + 1,
    column: bytes.subarray(wrong === 0 ? 0 : lineStart, wrong).toString('utf8').length + 1,
    message: `the byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} is not UTF-8${letter}; save the file as UTF-8`,
    shown,
  };
}

/** UTF-16 and UTF-32 by their byte order mark, or by the zeros that they put beside Latin letters. */
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

/** The offset of the first byte that is not what the text would be written as. */
function firstDifference(bytes: Buffer, text: string): number | undefined {
  const written = Buffer.from(text);
  if (written.equals(bytes)) return undefined;
  for (let at = 0; at < bytes.length; at++) if (written[at] !== bytes[at]) return at;
  return bytes.length;
}
