/** A token of a query: a word or path, a quoted text, a number, or a sign. */
export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign';
  /** Content of the token. Quotes and escapes of a quoted text are already removed. */
  readonly text: string;
}

/** Splits a query into tokens. Returns undefined if the query contains a character that no token allows. */
export function tokensOf(query: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    shape.lastIndex = at;
    const match = shape.exec(query);
    if (match === null) return undefined;
    at = shape.lastIndex;
    const { word, text, number, sign } = match.groups ?? {};
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    if (text !== undefined) tokens.push({ kind: 'text', text: unescaped(text.slice(1, -1)) });
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

/** A name in double brackets may contain any character except a closing bracket. */
const shape =
  /\s+|(?<word>[\p{L}_$][\p{L}\p{N}_$-]*(?:\.(?:[\p{L}\p{N}_$-]+|\[\[[^\]]+\]\]))*)|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<number>0x[\da-f]+|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<sign><=|>=|!=|<>|[=<>(),*[\]+/%-])/iuy;

function unescaped(text: string): string {
  return text.replaceAll(/\\u([\da-f]{4})|\\(.)/giu, (_all, code: string | undefined, other: string | undefined) =>
    code === undefined ? (other ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
