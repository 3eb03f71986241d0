import 'reflect-metadata';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { beforeAll, describe, expect, test } from 'vitest';
import { childrenOf, readDer, tags, type Der } from '../../../core/x509/der/der.ts';
import { writeDer, writeOid } from '../../../core/x509/der/write-der.ts';
import { readSigningRequest } from '../../../core/x509/signing-request.ts';
import { makeRequest } from '../../mocks/clients/signing-requests.ts';
import { mint } from './mint-chain.ts';

const leaf = await mint('leaf', 0);

test.each([
  ['one name and no attributes', '/CN=dev', undefined],
  ['two names beside an organisation', '/O=maker/CN=one/CN=two', undefined],
  ['no name', '/O=maker', undefined],
  [
    'a name with umlauts, an RSA key and an attribute',
    '/CN=Zähler',
    ['rsa:2048', '-utf8', '-addext', 'subjectAltName=DNS:a'],
  ],
] as const)('`readSigningRequest` reads a request with %s as @peculiar/x509 does', async (_name, subject, key) => {
  const { der, csr } = await makeRequest(subject, key);
  const library = new Pkcs10CertificateRequest(der);
  const read = readSigningRequest(csr);
  expect(read.ok && read.value.commonNames).toEqual(library.subjectName.getField('CN'));
  const publicKey = read.ok && read.value.publicKey.export({ format: 'der', type: 'spki' });
  expect(publicKey).toEqual(Buffer.from(library.publicKey.rawData));
  expect(read.ok && (await read.value.isSignedByItsKey())).toBe(true);
});

describe('`readSigningRequest` checks the form of a request', () => {
  let parts: readonly Der[];
  let fields: readonly Der[];
  beforeAll(async () => {
    parts = childrenOf(readDer((await makeRequest('/CN=dev')).der, 'the request'), 'the request');
    fields = childrenOf(parts[0] ?? expect.fail(), 'the signed part');
  });

  /** Returns a request with other fields in its signed part, and with other parts. */
  function built(
    change: (fields: readonly Buffer[]) => readonly Buffer[],
    changeParts = (all: readonly Buffer[]): readonly Buffer[] => all,
    tag: number = tags.sequence,
  ): string {
    const signed = writeDer(tags.sequence, ...change(fields.map(({ bytes }) => bytes)));
    const others = parts.slice(1).map(({ bytes }) => bytes);
    return writeDer(tag, ...changeParts([signed, ...others])).toString('base64');
  }

  test('and accepts one whose list of attributes is missing', () => {
    expect(readSigningRequest(built((all) => all.slice(0, 3)))).toMatchObject({
      ok: true,
      value: { commonNames: ['dev'] },
    });
  });

  test.each<[string, () => string]>([
    ['without a version', () => built(([, ...rest]) => rest)],
    ['without a key', () => built((all) => all.slice(0, 2))],
    ['with a field after the attributes', () => built((all) => [...all, writeDer(tags.null)])],
    [
      'with an attribute that has no values',
      () => built((all) => [...all.slice(0, 3), writeDer(0xa0, writeDer(tags.sequence))]),
    ],
    [
      'with a fourth part',
      () =>
        built(
          (all) => all,
          (all) => [...all, writeDer(tags.null)],
        ),
    ],
    [
      'without a signature',
      () =>
        built(
          (all) => all,
          (all) => all.slice(0, 2),
        ),
    ],
    [
      'that is a SET',
      () =>
        built(
          (all) => all,
          (all) => all,
          tags.set,
        ),
    ],
  ])('and rejects one %s', (_name, request) => {
    const sentence: unknown = expect.stringMatching(/^not a PKCS #10 structure: ./);
    expect(readSigningRequest(request())).toMatchObject({
      ok: false,
      failure: { code: 'request-unreadable', sentence },
    });
  });

  test.each<[string, () => string, string]>([
    ['PEM', () => '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n', 'PEM; its lines'],
    ['base64 in lines', () => 'AAAA\nAAAA\n', 'base64 with white space'],
    ['base64url', () => 'AA-_', 'base64url'],
    ['base64 without padding', () => 'AAA', 'base64 without its padding'],
    ['nothing', () => '', 'an empty text'],
    ['another text', () => 'request!', 'not base64'],
    ['base64 of PEM', () => Buffer.from('-----BEGIN X-----').toString('base64'), 'base64 of PEM, not of DER'],
    ['a certificate', () => leaf.der.toString('base64'), 'a certificate, not a PKCS #10 structure'],
    [
      'a key that does not exist',
      () => built((all) => all.with(2, writeDer(tags.sequence, writeDer(tags.sequence, writeOid('1.2.3'))))),
      'not a PKCS #10 structure: the public key cannot be read',
    ],
    [
      'no signature',
      () =>
        built(
          (all) => all,
          (all) => all.slice(0, 2),
        ),
      'found nothing',
    ],
  ])('and says what it found: %s', (_name, request, sentence) => {
    expect(readSigningRequest(request())).toMatchObject({
      ok: false,
      failure: { sentence: expect.stringContaining(sentence) as unknown },
    });
  });

  test.each<[string, Buffer, string]>([
    ['an unknown algorithm', writeDer(tags.sequence, writeOid('1.2.3')), 'unsupported algorithm 1.2.3'],
    ['RSA', writeDer(tags.sequence, writeOid('1.2.840.113549.1.1.11')), 'that a key of type ec cannot make'],
    ['ECDSA with SHA-384', writeDer(tags.sequence, writeOid('1.2.840.10045.4.3.3')), 'another key'],
  ])('and says why its key did not make the signature: %s', async (_name, algorithm, sentence) => {
    const read = readSigningRequest(
      built(
        (all) => all,
        (all) => all.with(1, algorithm),
      ),
    );
    if (!read.ok) expect.fail(read.failure.sentence);
    expect(await read.value.isSignedByItsKey()).toBe(false);
    expect(read.value.wrongSignature()).toContain(sentence);
  });
});
