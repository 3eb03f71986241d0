import { expect, test } from 'vitest';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { toPem } from '../../../core/x509/der/pem.ts';
import { makeRequest } from '../../mocks/clients/signing-requests.ts';
import { writeCount, writeDer, writeOid, writeSequence } from './der-write.ts';
import { keys, mint } from './mint-chain.ts';

const pem = (label: string, body = 'AAAA'): string => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const leaf = await mint('leaf', 0);
const { der: request } = await makeRequest('/CN=dev');
const contents = writeSequence(writeOid('1.2.840.113549.1.7.1'));
const signedData = writeSequence(writeOid('1.2.840.113549.1.7.2'), writeDer(0xa0, writeSequence(writeCount(1))));

test.each<[string, string, Buffer | string]>([
  ['an empty file', 'it is empty', Buffer.alloc(0)],
  ['a random text', 'it is neither PEM nor DER', 'hello'],
  ['a certificate in UTF-16', 'it is text in UTF-16; save it in UTF-8', Buffer.from(`\uFEFF${leaf.pem}`, 'utf16le')],
  ['base64 of a certificate', 'it is base64 without the lines -----BEGIN', Buffer.from(leaf.der.toString('base64'))],
  ['a private key', 'it has a PEM block of type PRIVATE KEY, expected CERTIFICATE', pem('PRIVATE KEY')],
  ['an encrypted key', 'a PEM block of type ENCRYPTED PRIVATE KEY', pem('ENCRYPTED PRIVATE KEY')],
  ['a block with another name', 'a PEM block of type X509 CERTIFICATE', Buffer.from(pem('X509 CERTIFICATE'))],
  ['PKCS #7 in PEM', '`openssl pkcs7 -print_certs -in FILE`', pem('PKCS7')],
  ['a cut certificate', 'has no line -----END CERTIFICATE-----', leaf.pem.slice(0, 300)],
  ['a damaged certificate', 'has characters that are not base64', leaf.pem.replace(/\nM/, '\n*')],
  ['PKCS #12', 'it is PKCS #12; extract', writeSequence(writeCount(3), contents)],
  ['PKCS #7 in DER', '`openssl pkcs7 -inform DER -print_certs -in FILE`', signedData],
  ['a key in PKCS #8', 'it is a private key', keys[0]!.privateKey.export({ format: 'der', type: 'pkcs8' })],
  ['a public key', 'it is a public key', leaf.certificate.publicKeyInfo],
  [
    'an encrypted key in DER',
    'it is an encrypted private key',
    keys[0]!.privateKey.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }),
  ],
  ['a signing request', 'it is a signing request', request],
  ['a signing request in a block CERTIFICATE', 'it is a signing request', toPem(request)],
])('`parseCertificate` says what %s is', (_, sentence, source) => {
  expect(parseCertificate(source)).toMatchObject({
    ok: false,
    failure: { sentence: expect.stringContaining(sentence) as unknown },
  });
});

test('`parseCertificate` says where a certificate that lost its end is cut', () => {
  expect(parseCertificate(leaf.der.subarray(0, 200))).toMatchObject({
    failure: { sentence: expect.stringContaining('is cut off') as unknown },
  });
});
