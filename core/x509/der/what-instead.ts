import { childrenOf, Malformed, readDer, tags, type Der } from './der.ts';
import { readOid } from './der-values.ts';
import { pemBlocks } from './pem.ts';

/**
 * Says what the octets are if they are not a certificate, and how to get the certificate from them: `it is empty`. Returns
 * undefined for DER of an unknown kind, such as a damaged certificate.
 */
export function whatInstead(source: Buffer): string | undefined {
  if (source.length === 0) return 'it is empty';
  const text = source.toString('latin1');
  if (/^(?:\xff\xfe|\xfe\xff)/.test(text)) return 'it is text in UTF-16; save it in UTF-8';
  const label = /-----BEGIN ([^-\r\n]*)-----/.exec(text)?.[1];
  if (label !== undefined) return insteadOfPem(text, label);
  if (/^\s*MI[\sA-Za-z0-9+/=]+$/.test(text))
    return 'it is base64 without the lines -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----';
  if (source[0] !== tags.sequence) return 'it is neither PEM nor DER';
  try {
    return insteadOfDer(childrenOf(readDer(source, 'it'), 'it'));
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function insteadOfPem(text: string, label: string): string {
  if (label === 'PKCS7' || label === 'CMS')
    return `it is PKCS #7; extract the certificate with \`openssl pkcs7 -print_certs -in FILE\``;
  if (!text.includes('-----BEGIN CERTIFICATE-----')) return `it has a PEM block of type ${label}, expected CERTIFICATE`;
  return pemBlocks(text).length === 0
    ? 'its PEM block of type CERTIFICATE has no line -----END CERTIFICATE-----'
    : 'its PEM block of type CERTIFICATE has characters that are not base64';
}

/** Recognises a structure by its first fields (RFC 7292 4, RFC 5652 3, RFC 5208 5, RFC 2986 4). */
function insteadOfDer([first, second, third]: readonly Der[]): string | undefined {
  if (isInteger(first, 3) && second?.tag === tags.sequence)
    return 'it is PKCS #12; extract the certificate with `openssl pkcs12 -nokeys -clcerts -in FILE`';
  if (first?.tag === tags.oid && readOid(first, 'it') === signedData)
    return 'it is PKCS #7; extract the certificate with `openssl pkcs7 -inform DER -print_certs -in FILE`';
  if (first?.tag === tags.integer && (third?.tag === tags.octetString || third?.tag === tags.integer))
    return 'it is a private key';
  if (first?.tag !== tags.sequence) return undefined;
  if (third === undefined && second?.tag === tags.bitString) return 'it is a public key';
  if (third === undefined && second?.tag === tags.octetString) return 'it is an encrypted private key';
  const [version, subject, key, attributes] = childrenOf(first, 'it');
  const isRequest = isInteger(version, 0) && subject?.tag === tags.sequence && key?.tag === tags.sequence;
  return isRequest && (attributes === undefined || attributes.tag === 0xa0) ? 'it is a signing request' : undefined;
}

const signedData = '1.2.840.113549.1.7.2';

function isInteger(value: Der | undefined, number: number): boolean {
  return value?.tag === tags.integer && value.content.equals(Buffer.of(number));
}
