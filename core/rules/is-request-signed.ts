import type { DecisionTrace } from '../history/decision.ts';
import type { SigningRequest } from '../x509/signing-request.ts';

/** Checks that the key in a certificate signing request made its signature (RFC 2986 3). Returns false if the check failed. */
export async function isRequestSigned(request: SigningRequest, trace: DecisionTrace): Promise<boolean> {
  const isOwn = await request.isSignedByItsKey();
  const found = isOwn ? 'match' : request.wrongSignature();
  return trace.check('csr-signed-by-its-key', isOwn, 'the key in the request', found);
}
