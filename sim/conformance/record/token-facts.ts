import type { TokenFacts } from '../../../core/conformance/wire-event.ts';
import { defined } from '../../../core/defined.ts';
import { isSignedWith, parseSas } from '../../../core/wire/sas.ts';

/**
 * Returns the facts of a shared access signature without its signature; undefined if the text is not a shared access signature.
 * @param keys the raw keys of the device. Empty if the lab does not know them.
 */
export function tokenFacts(text: string | undefined, keys: readonly Uint8Array[]): TokenFacts | undefined {
  const token = text === undefined ? undefined : parseSas(text);
  if (token === undefined) return undefined;
  const isSigned = keys.length === 0 ? undefined : keys.some((key) => isSignedWith(token, key));
  return {
    resource: decoded(token.sr),
    expiresAt: token.se * 1000,
    ...defined({ keyName: token.skn, isSigned }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
