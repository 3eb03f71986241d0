import { succeeded } from '../../core/result.ts';
import { askVendor, refusedByCa, type CaResponse } from './ca-response.ts';

/** Paths of Enrollment over Secure Transport (RFC 7030 3.2.2). */
export const estPaths = {
  cacerts: '/.well-known/est/cacerts',
  simpleenroll: '/.well-known/est/simpleenroll',
  simplereenroll: '/.well-known/est/simplereenroll',
} as const;

/** Credential of an EST client. A factory station has a password; a device has the certificate that it renews. */
export type EstClient =
  | { readonly kind: 'station'; readonly authorization: string }
  /**
   * The certificate in DER. A real device presents it in the TLS handshake. The simulated vendor gets requests without TLS, so the header
   * field of RFC 9440 carries the certificate, as behind a TLS-terminating proxy.
   */
  | { readonly kind: 'device'; readonly certificate: Buffer };

/**
 * Requests a certificate: `simpleenroll` for a factory station, `simplereenroll` for a device (RFC 7030 4.2).
 * @param csr PKCS #10 in DER, as base64.
 * @returns DER of the certificate, followed by the CAs above it for the chain (RFC 7030 4.1).
 */
export async function askEst(origin: string, csr: string, client: EstClient): Promise<CaResponse<readonly Buffer[]>> {
  // The package behind this module takes a tenth of a second to load, and only EST needs it.
  const { readCertsOnly } = await import('./certs-only.ts');
  const readBase64 = (body: string): readonly Buffer[] | undefined => readCertsOnly(Buffer.from(body, 'base64'));
  const path = client.kind === 'station' ? estPaths.simpleenroll : estPaths.simplereenroll;
  const issued = await askVendor(
    new Request(`${origin}${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/pkcs10',
        'Content-Transfer-Encoding': 'base64',
        ...(client.kind === 'station'
          ? { Authorization: client.authorization }
          : { 'Client-Cert': `:${client.certificate.toString('base64')}:` }),
      },
      body: csr,
    }),
    readBase64,
  );
  if (!issued.ok) return issued;
  const above = await askVendor(new Request(`${origin}${estPaths.cacerts}`), readBase64);
  if (!above.ok) return above;
  const [leaf] = issued.value;
  return leaf === undefined
    ? refusedByCa('the answer of the vendor has no certificate in it')
    : succeeded([leaf, ...above.value]);
}
