import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { helloLimit, HelloReader, readClientHello } from '../../../../core/wire/tls/hello-reader.ts';
import { groupName, signatureAlgorithmName, suiteText, versionName } from '../../../../core/wire/tls/tls-names.ts';
import { helloOf } from './hello-of.ts';

const bounds = { seed: 20261130 };
let hello: Buffer;
beforeAll(async () => {
  hello = await helloOf({
    servername: 'hub-eu.azure-devices.net',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384',
    ecdhCurve: 'X25519:P-256',
    sigalgs: 'rsa_pss_rsae_sha256:ecdsa_secp256r1_sha256',
    ALPNProtocols: ['mqtt', 'http/1.1'],
  });
});

/** Returns the handshake message in a TLS record. */
const messageIn = (record: Buffer): Buffer => record.subarray(5);

/** Puts a handshake message into TLS records with fragments of `size` octets. */
function records(message: Buffer, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < message.length; at += size) {
    const fragment = message.subarray(at, at + size);
    parts.push(Buffer.from([22, 3, 1, fragment.length >> 8, fragment.length & 0xff]), fragment);
  }
  return Buffer.concat(parts);
}

const u16 = (number: number): Buffer => Buffer.from([number >> 8, number & 0xff]);
const vector = (lengthOctets: 1 | 2, content: Buffer): Buffer =>
  Buffer.concat([lengthOctets === 1 ? Buffer.from([content.length]) : u16(content.length), content]);

/** Builds a ClientHello message by hand. */
function built(
  suites: readonly number[],
  extensions: readonly (readonly [number, Buffer])[] | undefined,
  version = 0x0303,
): Buffer {
  const list = (extensions ?? []).map(([type, content]) => Buffer.concat([u16(type), vector(2, content)]));
  const body = Buffer.concat([
    u16(version),
    Buffer.alloc(32),
    Buffer.from([0]),
    vector(2, Buffer.concat(suites.map(u16))),
    Buffer.from([1, 0]),
    ...(extensions === undefined ? [] : [vector(2, Buffer.concat(list))]),
  ]);
  return Buffer.concat([Buffer.from([1, 0]), u16(body.length), body]);
}

describe('a ClientHello', () => {
  test('lists what the client offers, such as versions and cipher suites, in the order of the client', () => {
    expect(readClientHello(hello)).toEqual({
      ok: true,
      value: {
        versions: ['TLS 1.3', 'TLS 1.2'],
        hasVersionList: true,
        cipherSuites: [
          'TLS_AES_128_GCM_SHA256',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
        ],
        serverName: 'hub-eu.azure-devices.net',
        groups: ['x25519', 'secp256r1'],
        signatureAlgorithms: ['rsa_pss_rsae_sha256', 'ecdsa_secp256r1_sha256'],
        alpn: ['mqtt', 'http/1.1'],
      },
    });
  });

  test.each([1, 2, 5, 100, 16_384])(
    'is read correctly from TLS records of %d octets and from segments of any size',
    (size) => {
      const octets = records(messageIn(hello), size);
      const expected = readClientHello(hello);
      expect(readClientHello(octets)).toEqual(expected);
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 60 }), (segment) => {
          const reader = new HelloReader();
          for (let at = 0; at < octets.length; at += segment) {
            const read = reader.push(octets.subarray(at, at + segment));
            if (at + segment < octets.length) expect(read).toBeUndefined();
            else expect(read).toEqual(expected);
          }
        }),
        { ...bounds, numRuns: 30 },
      );
    },
  );

  test('without a list of versions names only its newest version, and may have no extensions', () => {
    expect(readClientHello(records(built([0x002f], undefined, 0x0301), 500))).toEqual({
      ok: true,
      value: { versions: ['TLS 1.0'], hasVersionList: false, cipherSuites: ['TLS_RSA_WITH_AES_128_CBC_SHA'] },
    });
  });

  test('shows GREASE values as "GREASE" and unknown values as numbers', () => {
    const extensions = [
      [0x0a0a, Buffer.alloc(0)],
      [43, vector(1, Buffer.concat([0x1a1a, 0x0304, 0x7f1c].map(u16)))],
      [10, vector(2, Buffer.concat([0xfafa, 0x001d, 0x9999].map(u16)))],
      [1, Buffer.from([2])],
    ] as const;
    expect(readClientHello(records(built([0x2a2a, 0x1301, 0xabcd], extensions), 500))).toEqual({
      ok: true,
      value: {
        versions: ['GREASE', 'TLS 1.3', '0x7f1c'],
        hasVersionList: true,
        cipherSuites: ['GREASE', 'TLS_AES_128_GCM_SHA256', '0xabcd'],
        groups: ['GREASE', 'x25519', '0x9999'],
        maxFragmentLength: 1024,
      },
    });
    expect([versionName(0x0300), suiteText(0x000a), groupName(0x11ec), signatureAlgorithmName(0x0804)]).toEqual([
      'SSL 3.0',
      'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
      'X25519MLKEM768',
      'rsa_pss_rsae_sha256',
    ]);
  });

  test('has its server name escaped if the name contains control characters', () => {
    const name = vector(2, Buffer.concat([Buffer.from([0]), vector(2, Buffer.from('a\n\u001b[31m\xff', 'latin1'))]));
    const read = readClientHello(records(built([0x1301], [[0, name]]), 500));
    expect(read).toMatchObject({ ok: true, value: { serverName: String.raw`a\x0a\x1b[31m\xff` } });
  });
});

describe('octets that are no ClientHello', () => {
  test.each([
    [
      'GET / HTTP/1.1\r\n',
      'octet 71 (a letter, as at the beginning of an HTTP request without TLS) instead of a TLS handshake record (22) as the first record',
    ],
    [
      '\x10\x1a\x00\x04MQTT',
      'octet 16 (a CONNECT of MQTT without TLS) instead of a TLS handshake record (22) as the first record',
    ],
    [
      'AMQP\x00\x01\x00\x00',
      'octet 65 (the header of AMQP without TLS) instead of a TLS handshake record (22) as the first record',
    ],
    ['\x16\x02\x00', 'version 2.x instead of 3.x in the first record'],
    ['\x16\x03\x01\x00\x00', '0 octets instead of 1 to 16384 in the first record'],
    ['\x16\x03\x01\xff\xff', '65535 octets instead of 1 to 16384 in the first record'],
    ['\x16\x03\x01\x00\x04\x02\x00\x00\x00', 'handshake message 2 instead of a ClientHello (1)'],
    ['\x16\x03\x01\x00\x04\x01\xff\xff\xff', `a ClientHello of 16777215 octets, more than ${helloLimit}`],
  ])('are reported with a reason: %j', (text, sentence) => {
    expect(readClientHello(Buffer.from(text, 'latin1'))).toMatchObject({ ok: false, failure: { sentence } });
  });

  test('are reported if an extension appears twice, and if octets follow the extensions', () => {
    const twice = built(
      [0x1301],
      [
        [5, Buffer.alloc(1)],
        [5, Buffer.alloc(1)],
      ],
    );
    expect(readClientHello(records(twice, 500))).toMatchObject({
      ok: false,
      failure: { sentence: expect.stringContaining('twice') },
    });
    const longer = Buffer.concat([built([0x1301], []), Buffer.alloc(3)]);
    longer.writeUIntBE(longer.length - 4, 1, 3);
    expect(readClientHello(records(longer, 500))).toMatchObject({
      ok: false,
      failure: { sentence: 'expected no octets after the ClientHello, found 3' },
    });
  });

  test('never make the reader throw or read more octets than its limit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(), fc.nat(), (noise, at, length) => {
        const changed = Buffer.from(hello);
        Buffer.from(noise).copy(changed, at % changed.length);
        for (const octets of [Buffer.from(noise), changed, changed.subarray(0, length % changed.length)]) {
          const read = new HelloReader().push(octets);
          if (read?.ok === false) expect(read.failure.sentence).not.toBe('');
        }
      }),
      { ...bounds, numRuns: 3000 },
    );
  });

  test('are refused at the limit if the records never end', () => {
    const reader = new HelloReader();
    const head = Buffer.from([1, 0x02, 0x01, 0x44]);
    let read = reader.push(records(head, 4));
    for (let sent = 0; read === undefined && sent < helloLimit + 100; sent += 1000)
      read = reader.push(records(Buffer.alloc(1000), 1000));
    expect(read).toMatchObject({ ok: false });
  });
});
