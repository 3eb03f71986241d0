import { askVendor, type Asked } from './asked.ts';
import { readCertsOnly } from './certs-only.ts';

/** Paths of Enrollment over Secure Transport (RFC 7030 3.2.2). */
export const estPaths = {
  cacerts: '/.well-known/est/cacerts',
  simpleenroll: '/.well-known/est/simpleenroll',
  simplereenroll: '/.well-known/est/simplereenroll',
} as const;

/** By what a client of EST is known: a station by its password, a device by the certificate that is to be renewed. */
export type EstClient =
  | { readonly kind: 'station'; readonly authorization: string }
  /**
   * DER. On a real wire it is shown in the TLS handshake. The stand-in sees requests above TLS, so the certificate comes
   * in the field by which whoever ends TLS hands it on (RFC 9440).
   */
  | { readonly kind: 'device'; readonly certificate: Buffer };

/**
 * Asks for a certificate: `simpleenroll` for a station, `simplereenroll` for a device (RFC 7030 4.2).
 *
 * @param csr base64 of PKCS #10 in DER.
 * @returns DER of the certificate, and after it those of the authorities above, for the chain (RFC 7030 4.1).
 */
export async function askEst(origin: string, csr: string, client: EstClient): Promise<Asked<readonly Buffer[]>> {
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
  if (issued.kind !== 'given') return issued;
  const above = await askVendor(new Request(`${origin}${estPaths.cacerts}`), readBase64);
  if (above.kind !== 'given') return above;
  const [leaf] = issued.given;
  return leaf === undefined
    ? { kind: 'refused', sentence: 'the answer of the vendor has no certificate in it' }
    : { kind: 'given', given: [leaf, ...above.given] };
}

function readBase64(body: string): readonly Buffer[] | undefined {
  return readCertsOnly(Buffer.from(body, 'base64'));
}
