/** A piece of a query: a word or path, a text in quotes, a number, or a sign. */
export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign';
  readonly text: string;
}

/** Takes a query apart; undefined where a piece of it is none. */
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
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1) });
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return tokens;
}

const shape =
  /\s+|(?<word>[\p{L}_$][\p{L}\p{N}_$.-]*)|(?<text>'[^']*'|"[^"]*")|(?<number>-?\d+(?:\.\d+)?)|(?<sign><=|>=|!=|<>|[=<>(),*[\]])/uy;
