import type { CST } from 'yaml';

/** Deepest allowed nesting of lists and maps in a file. The loader walks through them recursively. */
export const deepest = 100;

/**
 * Returns the first position in a file that is nested deeper than `deepest`. Reads the tokens without recursion, because the YAML library
 * would exhaust the stack.
 * @returns an offset in characters; undefined if nothing is nested too deep.
 */
export function tooDeepAt(tokens: readonly CST.Token[]): number | undefined {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = tokens
    .map((token) => ({ token, depth: 0 }))
    .toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > deepest) return token.offset;
    if (token.type === 'document' && token.value !== undefined) waiting.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items.toReversed()) {
      for (const inner of [value, key]) if (inner) waiting.push({ token: inner, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Returns true if plain values are nested deeper than `deepest`. Aliases can cause this even in a file with little nesting. */
export function isTooDeep(value: unknown): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > deepest) return true;
    for (const inner of Object.values(next.value)) waiting.push({ value: inner, depth });
  }
  return false;
}
