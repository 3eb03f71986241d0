import { compactVerify, decodeJwt, decodeProtectedHeader, type CryptoKey } from 'jose';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { EntraDirectory } from './entra-directory.ts';

/** A token of Entra ID as a client sent it, with the result of the check of its signature. The claims may be forged. */
export interface BearerToken {
  /** The claims of the token. Undefined if the token is not a JSON Web Token. */
  readonly claims: JsonObject | undefined;
  /** The algorithm that the token names. */
  readonly algorithm: string;
  /** True if a key of the directory made the signature, by RS256. */
  readonly isSigned: boolean;
}

/**
 * Reads the value of an Authorization header or of a put-token request. Returns undefined if it is not a bearer token.
 *
 * Only RS256 counts as a signature (RFC 8725 3.1): a token with `none`, or with an HMAC under the public key, is not signed.
 */
export async function readBearerToken(
  text: string | undefined,
  entra: EntraDirectory,
): Promise<BearerToken | undefined> {
  const token = /^Bearer\s+(\S+)$/i.exec(text ?? '')?.[1];
  if (token === undefined) return undefined;
  try {
    const { alg = 'none', kid } = decodeProtectedHeader(token);
    const claims = decodeJwt(token) as JsonObject;
    const key = await entra.signingKey();
    const isSigned = kid === key.kid && (await isSignedBy(key.publicKey, token));
    return { claims, algorithm: alg.slice(0, 20), isSigned };
  } catch {
    return { claims: undefined, algorithm: 'none', isSigned: false };
  }
}

function isSignedBy(publicKey: CryptoKey, token: string): Promise<boolean> {
  return compactVerify(token, publicKey, { algorithms: ['RS256'] }).then(
    () => true,
    () => false,
  );
}
