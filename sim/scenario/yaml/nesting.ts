import type { CST } from 'yaml';

/** How deep lists and words may be nested in a file. The loader goes through them by recursion. */
export const deepest = 100;

/**
 * The first place in a file that is nested deeper than `deepest`. It is found in the tokens, without recursion: the reader
 * that makes a document of them would run out of stack.
 *
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

/** Whether plain values are nested deeper than `deepest`, which aliases can do in a file that is not. */
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
