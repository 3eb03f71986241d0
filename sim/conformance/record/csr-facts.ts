import { createHash, type KeyObject } from 'node:crypto';
import type { CsrFacts } from '../../../core/conformance/wire-event.ts';
import { readSigningRequest } from '../../../core/x509/signing-request.ts';

/**
 * Returns the facts of the certificate signing request in a body; undefined if the body has no such request. The check of the signature is
 * asynchronous: `onSignature` later gets the complete facts.
 */
export function csrFacts(body: unknown, onSignature: (facts: CsrFacts) => void): CsrFacts | undefined {
  if (typeof body !== 'object' || body === null || !('csr' in body)) return undefined;
  const { csr } = body;
  const read = typeof csr === 'string' ? readSigningRequest(csr) : undefined;
  if (read?.ok !== true)
    return { isBase64Der: false, commonNames: [], keyKind: 'unknown', key: '', isSignedByItsKey: false };
  const { commonNames, publicKey } = read.value;
  const facts = { isBase64Der: true, commonNames, keyKind: keyKind(publicKey), key: keyDigest(publicKey) };
  void read.value.isSignedByItsKey().then((isSignedByItsKey) => onSignature({ ...facts, isSignedByItsKey }));
  return { ...facts, isSignedByItsKey: false };
}

/** Returns the SHA-256 of a public key, in hexadecimal. */
function keyDigest(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function keyKind(key: KeyObject): string {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) return `RSA ${modulusLength}`;
  const curves: Readonly<Record<string, string>> = {
    prime256v1: 'EC P-256',
    secp384r1: 'EC P-384',
    secp521r1: 'EC P-521',
  };
  return curves[namedCurve ?? ''] ?? `${key.asymmetricKeyType ?? 'unknown'} ${namedCurve ?? ''}`.trim();
}
