/** A value of a payload that is base64 of a text. */
export interface DecodedText {
  /** Path of the value in the payload, such as `payload.data`; empty for the whole payload. */
  readonly path: string;
  readonly text: string;
}

/** Returns the values in a payload that are base64 of readable text, decoded. */
export function decodedTexts(payload: unknown, path = ''): readonly DecodedText[] {
  if (typeof payload === 'string') {
    const text = textOf(payload.trim());
    return text === undefined ? [] : [{ path, text }];
  }
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload).flatMap(([name, value]) =>
    decodedTexts(value, path === '' ? name : `${path}.${name}`),
  );
}

/** Decodes base64 of at least twelve characters if the result is UTF-8 text without control characters. */
function textOf(base64: string): string | undefined {
  if (base64.length < 12 || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /^[\t\n\r\u0020-\u007E\u00A0-\uFFFF]+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
