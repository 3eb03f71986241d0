import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect as tcpConnect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint, dpsTopics } from '../../../../core/wire/dps-wire.ts';
import type { Minted } from '../../../../core/x509/mint/mint.ts';
import { mint, shows } from '../../clients/certificates.ts';
import { dpsToken, group, individual, symmetricKeys } from '../../clients/credentials.ts';
import { poll, register } from '../../clients/device-wire.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { ask, pemOf, type ClientCertificate } from '../../clients/raw-https.ts';
import {
  packet,
  publishPacket,
  RawMqtt,
  subscribePacket,
  text,
  unsubscribePacket,
  type Packet,
} from '../../clients/raw-mqtt.ts';
import { SoftTpm } from '../../clients/soft-tpm.ts';

// A failure prints this seed and the path to the smallest failing input.
const bounds = { seed: 20261124 };
const keys = symmetricKeys();
const chip = new SoftTpm();
const crashes: unknown[] = [];
let open: OpenCloud;
let root: Minted;

const crashed = (reason: unknown): void => {
  crashes.push(reason);
};

beforeAll(async () => {
  process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed);
  open = await openCloud({ assignmentMs: 0 });
  root = await mint('Root', { ca: {} });
  const { operator } = open.cloud;
  operator.putEnrollment(individual('dev', keys));
  operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }));
  operator.putEnrollment(individual('cert', { type: 'x509', primary: (await mint('cert')).der }));
  operator.putEnrollmentGroup(group('line', { type: 'x509', primary: root.der }));
});
afterAll(async () => {
  process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
  await open.cloud.close();
});

/** Checks that a valid device still registers over HTTPS and MQTT, and that the history has no internal error. */
afterEach(async () => {
  const token = dpsToken(keys.primaryKey, 'dev');
  const accepted = await register(open.cloud, 'dev', { token });
  expect((await poll(open.cloud, 'dev', accepted.body?.['operationId'], { token })).body?.['status']).toBe('assigned');
  const device = await RawMqtt.open(open.cloud);
  expect(await device.connect(userFields('dev', token))).toBe(0);
  device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('1'), '{}'));
  expect((await device.flush()).map(({ kind }) => kind)).toEqual(['suback', 'publish']);
  device.close();
  expect(crashes.splice(0)).toEqual([]);
});

function userFields(id: string, password?: string) {
  const username = `${idScope}/registrations/${id}/api-version=2019-03-31`;
  return { clientId: id, username, ...(password === undefined ? {} : { password }) };
}

/**
 * Sends bytes, ends the client's side, and returns the bytes that the server sends before it ends its side. Rejects after three seconds.
 */
function say(socket: Socket, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const late = AbortSignal.timeout(3000);
    late.addEventListener('abort', () => {
      socket.destroy();
      reject(
        new Error(
          `the server neither answered nor hung up; it said ${JSON.stringify(Buffer.concat(parts).toString())}`,
        ),
      );
    });
    socket.on('data', (part: Buffer) => parts.push(part));
    // A server may also answer by closing the connection.
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
    socket.end(bytes);
  });
}

const plain = (port: number): Socket => tcpConnect({ host: '127.0.0.1', port });
const secure = (port: number): Socket =>
  tlsConnect({ host: '127.0.0.1', port, servername: globalEndpoint, ca: pemOf(open.cloud.serverRoot) });

const settled = async (device: RawMqtt): Promise<Packet['kind'][]> => (await device.flush()).map(({ kind }) => kind);

/** Waits for the expected outcome, or until the server closes the connection after the client has closed its side. */
async function hangUpOr<T>(device: RawMqtt, outcome: Promise<T>): Promise<T> {
  device.socket.end();
  return outcome;
}

async function untilClosed(device: RawMqtt): Promise<string[]> {
  const kinds: string[] = [];
  for (;;) {
    const { kind } = await device.next();
    if (kind === 'closed') return kinds;
    kinds.push(kind);
  }
}

/** Expects that the service refuses a client certificate over HTTPS and MQTT, or that the TLS handshake fails. */
async function expectRefused(client: ClientCertificate, id: string): Promise<void> {
  const status = await register(open.cloud, id, { client }).then(
    (answer) => answer.status,
    (error: NodeJS.ErrnoException) => error.code ?? 'cut',
  );
  expect([400, 401, 404, 'ECONNRESET', 'EPROTO', 'EPIPE', 'cut']).toContain(status);
  const code = await RawMqtt.open(open.cloud, client).then(
    async (device) => {
      const connack = await device.connect(userFields(id));
      device.close();
      return connack;
    },
    () => 'closed',
  );
  expect([0, 5, 'closed']).toContain(code);
}

const registerWith = (endorsementKey: Uint8Array, storageRootKey: Uint8Array, id = 'chip') =>
  register(open.cloud, id, {
    body: {
      tpm: {
        endorsementKey: Buffer.from(endorsementKey).toString('base64'),
        storageRootKey: Buffer.from(storageRootKey).toString('base64'),
      },
    },
  });

/** Expects 401 with a challenge, or 400 with an error of the service. */
async function expectJudged(endorsementKey: Uint8Array, storageRootKey: Uint8Array, id = 'chip'): Promise<void> {
  const answer = await registerWith(endorsementKey, storageRootKey, id);
  if (answer.status === 401) expect(answer.body?.['keyName']).toBe('registration');
  else expect([answer.status, answer.body?.['errorCode']]).toEqual([400, 400004]);
}

describe.each(['https', 'mqtt', 'amqp'] as const)('the %s listener', (door) => {
  const bytes = fc.uint8Array({ maxLength: 600 });

  test('closes the connection after bytes that are not TLS', async () => {
    const hello = fc
      .uint8Array({ maxLength: 300 })
      .map((rest) => Buffer.from([0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3, ...rest]));
    const anything = fc.oneof(bytes, hello, fc.constant(Buffer.from('GET / HTTP/1.1\r\n\r\n')));
    await fc.assert(
      fc.asyncProperty(anything, async (given) => {
        // The server may send a TLS alert (0x15) and nothing else.
        expect(await say(plain(open.cloud.ports[door]), given)).toSatisfy(
          (said: string) => said === '' || said.charCodeAt(0) === 0x15,
        );
      }),
      { ...bounds, numRuns: 25 },
    );
  });

  test('refuses random bytes inside TLS, or closes the connection', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (given) => {
        const said = await say(secure(open.cloud.ports[door]), given);
        expect(['', 'HTTP/1.1 4', ' \u0002', 'AM']).toContain(
          said.startsWith('HTTP') ? said.slice(0, 10) : said.slice(0, 2),
        );
      }),
      { ...bounds, numRuns: 25 },
    );
  });
});

describe('the HTTPS listener', () => {
  test('refuses any request outside the API with 4xx, or closes the connection', async () => {
    const token = fc.string({
      unit: fc.constantFrom(...Array.from('ABCGETPUTOSabc-_!~')),
      minLength: 1,
      maxLength: 12,
    });
    const segment = fc.oneof(
      fc.constantFrom(
        idScope,
        'registrations',
        'dev',
        'register',
        'operations',
        '..',
        '%00',
        '%2e%2e',
        '%',
        '%zz',
        '',
        '?',
        '?api-version=2021-06-01',
        '#',
        ':',
      ),
      fc.string({ maxLength: 20 }),
    );
    const line = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        'Content-Length: -1',
        'Content-Length: 5',
        'Transfer-Encoding: chunked',
        'Authorization: SharedAccessSignature',
        'Host:',
        ': x',
        'Expect: 100-continue',
        'Upgrade: websocket',
      ),
    );
    const request = fc.record({
      method: fc.oneof(token, fc.constantFrom('GET', 'PUT', 'POST')),
      segments: fc.array(segment, { maxLength: 7 }),
      lines: fc.array(line, { maxLength: 4 }),
      body: fc.string({ unit: 'binary', maxLength: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ method, segments, lines, body }) => {
        const head = [`${method} /${segments.join('/')} HTTP/1.1`, 'Host: x', 'Connection: close', ...lines].join(
          '\r\n',
        );
        const said = await say(secure(open.cloud.ports.https), Buffer.from(`${head}\r\n\r\n${body}`));
        expect(said).toMatch(/^(HTTP\/1\.1 100 Continue\r\n\r\n)?($|HTTP\/1\.1 4\d\d )/);
      }),
      { ...bounds, numRuns: 60 },
    );
  });

  const awkward = [
    '['.repeat(40_000),
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    `{"payload":${'{"a":'.repeat(15_000)}1${'}'.repeat(15_000)}}`,
    '{"__proto__":{"tpm":{"endorsementKey":"AAAA","storageRootKey":"AAAA"}}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"registrationId":"dev","registrationId":"other"}',
    '1e999999',
    '{"payload":1e999999}',
    '-0',
    '{"payload":"\\ud800"}',
    '{"registrationId":"\\ud800"}',
    '{"registrationId":"dev\\u0000"}',
    '{"tpm":{}}',
    '{"tpm":[]}',
    '{"tpm":{"endorsementKey":1}}',
    '{"tpm":{"endorsementKey":"","storageRootKey":{}}}',
    '\uFEFF{}',
    '{} {}',
    'NaN',
    '{"a":1,}',
    "{'a':1}",
    '\0',
    '{"toString":1,"hasOwnProperty":2}',
    `{"payload":"${'x'.repeat(90_000)}"}`,
    `{${Array.from({ length: 5000 }, (_, at) => `"k${at}":0`).join(',')}}`,
  ];

  test('accepts or refuses any body of an authenticated device, without a server error', async () => {
    const body = fc.oneof(
      fc.constantFrom(...awkward),
      fc.json({ maxDepth: 6 }),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    const authorization = dpsToken(keys.primaryKey, 'dev');
    await fc.assert(
      fc.asyncProperty(body, async (given) => {
        const path = `/${idScope}/registrations/dev/register?api-version=2021-06-01`;
        const answer = await ask(open.cloud, {
          method: 'PUT',
          path,
          body: given,
          headers: { Authorization: authorization },
        });
        expect([202, 400, 401]).toContain(answer.status);
        expect(answer.body).toBeDefined();
      }),
      { ...bounds, numRuns: 60, examples: awkward.map((one): [string] => [one]) },
    );
    expect(({} as Record<string, unknown>)['tpm']).toBeUndefined();
  });

  test('refuses any random token', async () => {
    const good = dpsToken(keys.primaryKey, 'dev');
    const sr = fc.oneof(
      fc.constantFrom(
        `${idScope}/registrations/dev`,
        '',
        '%',
        '%E0%A4%A',
        '%2',
        `${idScope}%252Fregistrations%252Fdev`,
      ),
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
    );
    const se = fc.constantFrom(
      '0',
      '-1',
      '1767700000',
      '99999999999',
      '999999999999999',
      '1'.repeat(40),
      '1e9',
      'NaN',
      '',
      '0x7fffffff',
      '١٧٦٧',
    );
    const sig = fc.oneof(
      fc.constantFrom('', '%', '%00', '====', 'AAAA'),
      fc.base64String({ maxLength: 60 }).map(encodeURIComponent),
    );
    const token = fc
      .tuple(sr, sig, se, fc.constantFrom('&skn=registration', '&skn=', '', '&skn=%', '&sr=again'))
      .map(([a, b, c, d]) => `SharedAccessSignature sr=${a}&sig=${b}&se=${c}${d}`);
    const cut = fc
      .integer({ min: 0, max: good.length - 1 })
      .filter((end) => end < good.indexOf('&skn'))
      .map((end) => good.slice(0, end));
    await fc.assert(
      fc.asyncProperty(fc.oneof(token, cut), async (given) => {
        const safe = Buffer.from(given.trim())
          .toString('latin1')
          .replace(/[^\x20-\x7e\x80-\xff]/g, '');
        const answer = await register(open.cloud, 'dev', { token: safe });
        expect([answer.status, answer.body?.['errorCode']]).toEqual([401, 401002]);
      }),
      { ...bounds, numRuns: 80 },
    );
    const far = await register(open.cloud, 'dev', {
      token: dpsToken(keys.primaryKey, 'dev', { se: 999_999_999_999_999 }),
    });
    expect(far.status).toBe(202);
    expect(JSON.stringify(open.decisions().at(-1))).toContain('999999999999999000 ms');
  });
});

describe('DPS, in TPM attestation,', () => {
  const srk = chip.storageRootKey;

  test('answers keys that are truncated, lengthened or changed with a challenge or a refusal', async () => {
    const damaged = fc.oneof(
      fc.integer({ min: 0, max: srk.length - 1 }).map((end) => srk.subarray(0, end)),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => Buffer.concat([srk, more])),
      fc
        .tuple(fc.nat(srk.length - 1), fc.nat(255))
        .map(([at, value]) => Buffer.concat([srk.subarray(0, at), Buffer.from([value]), srk.subarray(at + 1)])),
      fc.uint8Array({ maxLength: 400 }),
    );
    await fc.assert(
      fc.asyncProperty(damaged, async (given) => {
        await expectJudged(chip.endorsementKey, given);
        await expectJudged(given, srk);
      }),
      { ...bounds, numRuns: 60 },
    );
  });

  const withKey = (modulus: Buffer, exponent: number): Buffer => {
    const made = Buffer.from(srk);
    modulus.copy(made, made.length - 256);
    made.writeUInt32BE(exponent, made.length - 262);
    return made;
  };
  const modulus = srk.subarray(-256);

  test.each<[string, Buffer]>([
    ['a modulus of zero', withKey(Buffer.alloc(256), 0)],
    ['a modulus of one', withKey(Buffer.concat([Buffer.alloc(255), Buffer.from([1])]), 0)],
    ['an even modulus', withKey(Buffer.concat([modulus.subarray(0, 255), Buffer.from([2])]), 0)],
    ['a modulus of ones', withKey(Buffer.alloc(256, 0xff), 0)],
    ['an exponent of one', withKey(modulus, 1)],
    ['an even exponent', withKey(modulus, 2)],
    ['the greatest exponent', withKey(modulus, 0xffff_ffff)],
  ])('answers a storage root key or an endorsement key with %s with a challenge or a refusal', async (_name, key) => {
    await expectJudged(chip.endorsementKey, key);
    open.cloud.operator.putEnrollment(individual('odd', { type: 'tpm', endorsementKey: key }));
    await expectJudged(key, srk, 'odd');
  });
});

describe('the MQTT listener', () => {
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '',
      'dev',
      '/',
      '//',
      '#',
      '+',
      '$SYS/#',
      '\0',
      `${idScope}/registrations/dev/api-version=2019-03-31`,
      `${idScope}/registrations//`,
      `${idScope}/registrations/dev/%`,
      'hub-eu.azure-devices.net/dev/?api-version=2021-04-12',
      './registrations/x/y',
      '__proto__/registrations/constructor/api-version=2019-03-31',
      dpsTopics.responses,
      dpsTopics.register('1'),
      dpsTopics.register('/'.repeat(300)),
      `${dpsTopics.register('1')}&retry-after=1`,
      'devices/dev/messages/events/',
      'a/'.repeat(500),
    ),
  );

  test('answers any client ID, user name and last will with CONNACK, or closes the connection', async () => {
    const fields = fc.record(
      {
        clientId: word,
        username: word,
        password: word,
        will: fc.record({ topic: word, text: word }),
        clean: fc.boolean(),
        keepalive: fc.nat(65535),
        level: fc.constantFrom(4, 4, 4, 3, 5, 0, 255),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fields, async (given) => {
        const device = await RawMqtt.open(open.cloud);
        const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        expect([0, 1, 3, 5, 'closed']).toContain(await hangUpOr(device, device.connect(defined)));
        device.close();
      }),
      { ...bounds, numRuns: 60 },
    );
  });

  test('answers a message to any topic, or closes the connection', async () => {
    const token = dpsToken(keys.primaryKey, 'dev');
    const qos = fc.constantFrom(0, 1, 2, 3);
    const action = fc.oneof(
      fc.tuple(word, qos).map(([filter, asked]) => subscribePacket(7, [filter, asked])),
      fc.tuple(word, qos, word).map(([topic, given, body]) => publishPacket(topic, body, given, 7)),
      word.map((filter) => unsubscribePacket(7, filter)),
      fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 30 })).map(([head, body]) => packet(head, [Buffer.from(body)])),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 4 }), async (actions) => {
        const device = await RawMqtt.open(open.cloud);
        expect(await device.connect(userFields('dev', token))).toBe(0);
        device.send(...actions);
        device.socket.end();
        const said = await hangUpOr(device, untilClosed(device));
        expect(said).not.toContain('other');
        device.close();
      }),
      { ...bounds, numRuns: 80 },
    );
  });

  test('answers any body of a register message', async () => {
    const device = await RawMqtt.open(open.cloud);
    await device.connect(userFields('dev', dpsToken(keys.primaryKey, 'dev')));
    device.send(subscribePacket(1, [dpsTopics.responses, 0]));
    await device.next();
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string({ unit: 'binary' }).map((one) => one),
        ),
        async (body) => {
          device.send(publishPacket(dpsTopics.register('1'), body));
          expect(await settled(device)).toEqual(['publish']);
        },
      ),
      { ...bounds, numRuns: 40, examples: [['{"__proto__":1}'], ['['.repeat(40_000)], ['\0']] },
    );
    device.close();
  });
});

describe('client certificates', () => {
  const odd: readonly [string, string | undefined, Parameters<typeof mint>[1]][] = [
    ['an empty subject', undefined, {}],
    ['an empty common name', '', {}],
    ['300 letters of a name', 'x'.repeat(300), {}],
    ['a name written backwards', '\u202Etrec', {}],
    ['line feeds and quotes in its name', 'cert"\n\r,CN=cert\\', {}],
    ['100 alternative names', 'cert', { dnsNames: Array.from({ length: 100 }, (_, at) => `host-${at}.example`) }],
    ['1500 alternative names', 'cert', { dnsNames: Array.from({ length: 1500 }, (_, at) => `host-${at}.example`) }],
    [
      'alternative names with quotes and commas',
      'cert',
      { dnsNames: ['a", DNS:b', "a'\n"], uris: ['http://"\\', ''], emailAddresses: ['@'] },
    ],
    ['validity until 9999', 'cert', { notAfter: Date.UTC(9999, 11, 31, 23, 59, 59) }],
    ['validity in the wrong order', 'cert', { notBefore: noon + 1000, notAfter: noon - 1000 }],
    ['unknown purposes', 'cert', { extendedKeyUsage: ['1.2.3', '2.999.4'] }],
    ['the right of a CA', 'cert', { ca: { pathLength: 0 } }],
    [
      'an unknown critical extension',
      'cert',
      { extraExtensions: [{ oid: '1.2.3.4', critical: true, value: Buffer.alloc(0) }] },
    ],
  ];

  test.each(odd)('are refused with %s, whether self-signed or issued by the CA', async (_name, commonName, changed) => {
    await expectRefused(shows(await mint(commonName, changed)), 'cert');
    await expectRefused(shows(await mint(commonName, { ...changed, by: root }), root), 'cert');
  });

  test('are refused with invalid extensions', async () => {
    const known = [
      '2.5.29.17',
      '2.5.29.19',
      '2.5.29.15',
      '2.5.29.37',
      '2.5.29.30',
      '2.5.29.35',
      '2.5.29.14',
      '2.5.29.32',
      '1.3.6.1.5.5.7.1.1',
    ];
    const keyPair = (await mint('cert')).keys;
    const extension = fc.record({
      oid: fc.constantFrom(...known),
      critical: fc.boolean(),
      value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(extension, { minLength: 1, maxLength: 3, selector: ({ oid }) => oid }),
        async (extraExtensions) => {
          const made = await mint('cert', { keys: keyPair, by: root, extraExtensions }).catch(() => undefined);
          // `mint` throws if the certificate that it made is invalid, so OpenSSL makes these invalid certificates.
          if (made !== undefined) await expectRefused(shows(made, root), 'cert');
        },
      ),
      { ...bounds, numRuns: 25 },
    );
  });

  test.each<[string, readonly string[]]>([
    ['a negative serial number', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-set_serial', '-5']],
    [
      'a serial number of 40 octets',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-set_serial', `0x7f${'ab'.repeat(39)}`],
    ],
    ['a serial number of zero', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-set_serial', '0']],
    ['the curve P-521', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-521']],
    ['the curve secp256k1', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1']],
    [
      'explicit curve parameters',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
    ],
    ['Ed25519', ['-newkey', 'ed25519']],
    ['RSA of 1024 bits', ['-newkey', 'rsa:1024']],
    ['RSA-PSS', ['-newkey', 'rsa:2048', '-sigopt', 'rsa_padding_mode:pss']],
    ['SHA-1', ['-newkey', 'rsa:2048', '-sha1']],
    [
      'an AIA with quotes',
      [
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-addext',
        'authorityInfoAccess=OCSP;URI:http://a"b,caIssuers;URI:x',
      ],
    ],
    [
      'an AIA of rubbish',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-addext', '1.3.6.1.5.5.7.1.1=DER:30:03:02:01'],
    ],
    ['a SAN of rubbish', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-addext', '2.5.29.17=DER:ff:ff:ff']],
    [
      'a NUL in an alternative name',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-addext', '2.5.29.17=DER:30:05:82:03:61:00:62'],
    ],
    [
      'a critical extension of rubbish',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-addext', '1.2.3.4=critical,DER:30:80'],
    ],
    [
      'three common names',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-subj', '/CN=cert/CN=dev/CN=chip'],
    ],
    [
      'a multi-valued name',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-multivalue-rdn', '-subj', '/CN=cert+OU=x/O=y'],
    ],
  ])('that OpenSSL made are refused if they have %s', async (_name, options) => {
    const folder = await mkdtemp(join(tmpdir(), 'garbage-'));
    try {
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      const subject = options.includes('-subj') ? [] : ['-subj', '/CN=cert'];
      await promisify(execFile)('openssl', [
        'req',
        '-x509',
        '-nodes',
        '-days',
        '30',
        '-keyout',
        key,
        '-out',
        cert,
        ...subject,
        ...options,
      ]);
      const client = {
        cert: await readFile(cert, 'utf8'),
        key: await readFile(key, 'utf8'),
        ciphers: 'DEFAULT@SECLEVEL=0',
      };
      await expectRefused(client, 'cert');
      await expectRefused(client, 'dev');
      await expectRefused(client, 'nobody');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('are refused if they sign each other, and if a chain has 70 certificates', async () => {
    const [one, two] = [await mint('one', { ca: {} }), await mint('two', { ca: {} })];
    const oneByTwo = await mint('one', { ca: {}, by: two, keys: one.keys });
    const twoByOne = await mint('two', { ca: {}, by: one, keys: two.keys });
    await expectRefused(shows(await mint('nobody', { by: oneByTwo }), oneByTwo, twoByOne), 'nobody');
    const chain: Minted[] = [root];
    for (let depth = 0; depth < 70; depth++) {
      const above = chain[0];
      if (above !== undefined) chain.unshift(await mint(`ca-${depth}`, { ca: {}, by: above, keys: root.keys }));
    }
    const [last] = chain;
    if (last === undefined) throw new Error('no chain');
    await expectRefused(shows(await mint('nobody', { by: last }), ...chain), 'nobody');
  });
});

test('the listeners serve other clients after devices disconnect at any point', async () => {
  const token = dpsToken(keys.primaryKey, 'dev');
  for (let turn = 0; turn < 15; turn++) {
    const device = await RawMqtt.open(open.cloud);
    if (turn % 3 > 0) await device.connect(userFields('dev', token));
    device.send(
      subscribePacket(1, [dpsTopics.responses, 1]),
      publishPacket(dpsTopics.register('1'), '{}', 1, 2),
      randomBytes(turn),
    );
    device.close();
    const socket = secure(open.cloud.ports.https);
    socket.on('error', () => {});
    socket.write(
      `PUT /${idScope}/registrations/dev/register?api-version=2021-06-01 HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"a"`,
    );
    if (turn % 2 === 0) socket.destroySoon();
    else socket.once('secureConnect', () => socket.destroy());
  }
});

test('the raw packets of this test are valid MQTT', () => {
  expect(text('MQTT')).toEqual(Buffer.from([0, 4, 77, 81, 84, 84]));
  expect(packet(0x30, [Buffer.alloc(321)]).subarray(0, 3)).toEqual(Buffer.from([0x30, 0xc1, 2]));
});
