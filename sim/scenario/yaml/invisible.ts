/** Characters that are invisible or look like an ordinary space, but that YAML treats as letters. */
const invisible = /[\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff]/;

/**
 * Control characters that YAML 1.2 (5.1) does not allow in a file: all except tab and line breaks. A single carriage return is a line break
 * in YAML, but not for the YAML library.
 */
// oxlint-disable-next-line no-control-regex -- the pattern searches for them
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f]|\r(?!\n)/;

/** An invisible character. */
export interface Unseen {
  /** Offset in characters. */
  readonly offset: number;
  /** Name of the character, such as `a no-break space (U+00A0)`. */
  readonly name: string;
}

/** Returns the first invisible character in a text; undefined if the text has none. */
export function invisibleIn(text: string): Unseen | undefined {
  return firstOf(invisible, text);
}

/** Returns the first control character in a text; undefined if the text has none. */
export function controlIn(text: string): Unseen | undefined {
  return firstOf(control, text);
}

function firstOf(pattern: RegExp, text: string): Unseen | undefined {
  const offset = text.search(pattern);
  return offset < 0 ? undefined : { offset, name: nameOf(text.codePointAt(offset) ?? 0) };
}

function nameOf(code: number): string {
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const known = names[code];
  return known === undefined ? `the character ${number}` : `${known} (${number})`;
}

const names: Readonly<Record<number, string>> = {
  0x00: 'a NUL character',
  0x07: 'a bell character',
  0x08: 'a backspace',
  0x0c: 'a form feed',
  0x0d: 'a carriage return without a line feed',
  0x1b: 'an escape character',
  0x7f: 'a delete character',
  0xa0: 'a no-break space',
  0xad: 'a soft hyphen',
  0x200b: 'a zero-width space',
  0x202f: 'a narrow no-break space',
  0x3000: 'an ideographic space',
  0xfeff: 'a byte order mark',
};
