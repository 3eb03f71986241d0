import { randomBytes } from 'node:crypto';
import type { AmqpError } from 'rhea';
import rhea from 'rhea';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity, type FidelitySettings } from '../../../../core/cloud/fidelity.ts';
import { AmqpClient, jsonOf, type Coming } from '../../clients/amqp-client.ts';
import { tpmHalf } from '../../clients/amqp-tpm-half.ts';
import { mint, shows } from '../../clients/certificates.ts';
import { dpsToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { idScope, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import type { ClientCertificate } from '../../clients/raw-https.ts';
import { SoftTpm } from '../../clients/soft-tpm.ts';

let open: OpenCloud;
let certificate: ClientCertificate;
const keys = symmetricKeys();
const chip = new SoftTpm();

async function furnish(settings: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const opened = await openCloud({ fidelity: { ...defaultFidelity, ...settings } });
  const { operator } = opened.cloud;
  operator.putEnrollment(individual('dev-1', keys));
  operator.putEnrollment(individual('dev-2', keys));
  operator.putEnrollment(individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }));
  const leaf = await mint('cert');
  operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
  certificate = shows(leaf);
  return opened;
}

beforeAll(async () => {
  open = await furnish();
});
afterAll(() => open.cloud.close());

const plain = (id = 'dev-1', password = dpsToken(keys.primaryKey, id)): Coming => ({
  username: `${idScope}/registrations/${id}`,
  password,
});

const come = (id = 'dev-1', coming: Coming = plain(id)): Promise<AmqpClient> => AmqpClient.open(open.cloud, id, coming);

/** Returns the error with which the listener refuses a client. */
const turnedAway = (coming: Promise<AmqpClient>): Promise<AmqpError> =>
  coming.then(
    () => {
      throw new Error('the client was accepted');
    },
    (reason: unknown) => (reason as { amqp: AmqpError }).amqp,
  );

const bodyIn = (error: AmqpError): Record<string, unknown> =>
  JSON.parse(String(error.description)) as Record<string, unknown>;

describe('a registration with a symmetric key', () => {
  test('gets 202, 202 and 200, each as a data section with the correlation ID of its request', async () => {
    const device = await come();
    const accepted = await device.register({ registrationId: 'dev-1' }, 'c-7');
    expect(accepted).toMatchObject({
      kind: 'answer',
      message: {
        correlation_id: 'c-7',
        body: { typecode: 0x75 },
        application_properties: { 'retry-after': 3, 'Retry-After': 3 },
      },
    });
    const { operationId, ...rest } = jsonOf(accepted);
    expect(rest).toEqual({ status: 'assigning' });
    expect(jsonOf(await device.poll(operationId))).toMatchObject({ status: 'assigning' });
    open.clock.set(noon + 2000);
    const done = await device.poll(operationId);
    open.clock.set(noon);
    expect(jsonOf(done)).toMatchObject({
      operationId,
      status: 'assigned',
      registrationState: { deviceId: 'dev-1', substatus: 'initialAssignment' },
    });
    expect(done).toMatchObject({ kind: 'answer', message: { application_properties: {} } });
    await device.close();
  });

  const octets = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  test.each<[string, unknown, string]>([
    ['a text', 'größe', 'größe'],
    ['a number', 17, '17'],
    ['a UUID', rhea.types.wrap_uuid(octets), octets.toString('latin1')],
    ['octets', rhea.types.wrap_binary(octets.subarray(0, 3)), octets.toString('latin1', 0, 3)],
  ])('gets its correlation ID back if the correlation ID is %s', async (_name, correlationId, seen) => {
    const device = await come();
    const reply = await device.register({}, correlationId);
    const echoed = reply.kind === 'answer' ? reply.message.correlation_id : undefined;
    expect(Buffer.isBuffer(echoed) ? echoed.toString('latin1') : String(echoed)).toBe(seen);
    await device.close();
  });

  test('gets an answer even if its request has no correlation ID, like the requests of the C SDK', async () => {
    const device = await come();
    const reply = await device.register({}, null);
    expect(jsonOf(reply)).toMatchObject({ status: 'assigning' });
    expect(reply.kind === 'answer' && reply.message.correlation_id).toBeUndefined();
    await device.close();
  });

  test.each<[string, string]>([
    [
      'as a URL, as the C SDK writes it',
      `amqps://global.azure-devices-provisioning.net/${idScope}/registrations/dev-1`,
    ],
    ['in another case', `${idScope.toUpperCase()}/registrations/DEV-1`],
  ])('works at the address %s', async (_name, address) => {
    const device = await come('dev-1', { ...plain(), address });
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
  });

  test('is in the history with its SASL login, its links and its request', async () => {
    const device = await come('dev-2');
    await device.register({});
    await device.close();
    const wire = open.history.events().filter((event) => event.kind === 'wire' && event.from === 'dev-2');
    expect(wire.map((event) => (event.kind === 'wire' ? [event.door, event.message.split(' → ')[0]] : []))).toEqual([
      ['amqp', `SASL PLAIN ${idScope}/registrations/dev-2`],
      ['amqp', `ATTACH from ${idScope}/registrations/dev-2`],
      ['amqp', `ATTACH to ${idScope}/registrations/dev-2`],
      ['amqp', 'iotdps-register {}'],
    ]);
  });
});

describe('an AMQP client with a certificate', () => {
  test.each<[string, Coming]>([
    ['without SASL, as the Node SDK comes', {}],
    ['with EXTERNAL', { mechanisms: { EXTERNAL: { start: (done: Done) => done(undefined, Buffer.from('')) } } }],
    ['with ANONYMOUS', { mechanisms: { ANONYMOUS: { start: (done: Done) => done(undefined, Buffer.from('x')) } } }],
  ])('registers %s', async (_name, coming) => {
    const device = await come('cert', { ...coming, client: certificate });
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
  });

  test('of another device is rejected', async () => {
    const device = await come('cert', { client: shows(await mint('cert')) });
    const reply = await device.register({});
    expect(reply).toMatchObject({ kind: 'rejected', error: { condition: 'amqp:unauthorized-access' } });
    expect(open.lastVerdict()).toBe('dps thumbprint-matches');
    await device.close();
  });
});

type Done = (error: Error | undefined, response: Buffer) => void;

describe('DPS rejects the AMQP delivery of a request', () => {
  test.each<[string, string, Coming, string, number, string]>([
    [
      'a bad signature',
      'dev-1',
      plain('dev-1', dpsToken(randomBytes(32), 'dev-1')),
      '{}',
      401000,
      'unauthorized-access',
    ],
    [
      'a token that ran out',
      'dev-1',
      plain('dev-1', dpsToken(keys.primaryKey, 'dev-1', { se: 1 })),
      '{}',
      401000,
      'unauthorized-access',
    ],
    ['a body that is no JSON', 'dev-1', plain(), '{', 400003, 'internal-error'],
    ['the ID of another device', 'dev-1', plain(), '{"registrationId":"dev-2"}', 400004, 'internal-error'],
    ['a body above 96 KB', 'dev-1', plain(), ' '.repeat(96 * 1024 + 1), 413001, 'internal-error'],
  ])('for %s', async (_name, id, coming, body, errorCode, condition) => {
    const device = await come(id, coming);
    const reply = await device.register(body);
    if (reply.kind !== 'rejected') throw new Error('the request was accepted');
    expect(reply.error.condition).toBe(`amqp:${condition}`);
    const said = bodyIn(reply.error);
    expect(Object.keys(said)).toEqual(['errorCode', 'trackingId', 'message', 'timestampUtc']);
    expect(said['errorCode']).toBe(errorCode);
    await device.close();
  });

  test('for another ID scope, and the connection can send the next request', async () => {
    const scope = '0neFFFFFFFF';
    const device = await come('dev-1', {
      username: `${scope}/registrations/dev-1`,
      password: dpsToken(keys.primaryKey, 'dev-1', { scope }),
      address: `${scope}/registrations/dev-1`,
    });
    for (let again = 0; again < 2; again++) {
      expect(await device.register({})).toMatchObject({ kind: 'rejected', error: { condition: 'amqp:not-found' } });
    }
    await device.close();
  });

  test('for an unknown operation, and for an operation of another device', async () => {
    const [one, two] = [await come('dev-1'), await come('dev-2')];
    const { operationId } = jsonOf(await one.register({}));
    for (const asked of ['', '4.0.0', operationId, 17]) {
      const reply = await two.poll(asked);
      expect(reply).toMatchObject({ kind: 'rejected', error: { condition: 'amqp:not-found' } });
    }
    expect(await two.request({ 'iotdps-operation-type': 'iotdps-dance' })).toMatchObject({ kind: 'rejected' });
    expect(await two.request({})).toMatchObject({ kind: 'rejected' });
    await Promise.all([one.close(), two.close()]);
  });

  test('with the condition `amqp:internal-error` for every refusal if `amqpErrorCondition` is `internal-error`', async () => {
    const other = await furnish({ amqpErrorCondition: 'internal-error' });
    const device = await AmqpClient.open(other.cloud, 'dev-1', plain('dev-1', 'no token'));
    expect(await device.register({})).toMatchObject({ kind: 'rejected', error: { condition: 'amqp:internal-error' } });
    await device.close();
    await other.cloud.close();
  });
});

describe('DPS refuses a link', () => {
  test.each<[string, Coming, number]>([
    ['without api-version', { ...plain(), properties: {} }, 400005],
    ['with an unknown api-version', { ...plain(), properties: { 'com.microsoft:api-version': '1999-01-01' } }, 400005],
    ['at the address of another device', { ...plain(), address: `${idScope}/registrations/dev-2` }, 401000],
    ['at no address of DPS', { ...plain(), address: 'hello' }, 404001],
  ])('%s', async (_name, coming, errorCode) => {
    const error = await turnedAway(come('dev-1', coming));
    expect(bodyIn(error)['errorCode']).toBe(errorCode);
  });
});

describe('if `amqpAuthentication` is `immediate`', () => {
  let strict: OpenCloud;
  beforeAll(async () => {
    strict = await furnish({ amqpAuthentication: 'immediate' });
  });
  afterAll(() => strict.cloud.close());

  test('DPS ends SASL after a wrong token, and accepts the right token', async () => {
    const bad = plain('dev-1', dpsToken(randomBytes(32), 'dev-1'));
    const error = await turnedAway(AmqpClient.open(strict.cloud, 'dev-1', bad));
    expect(error.condition).toBe('amqp:unauthorized-access');
    expect(strict.lastVerdict()).toBe('dps token-signature-matches');
    const device = await AmqpClient.open(strict.cloud, 'dev-1', plain());
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
  });

  test('DPS refuses links with a wrong certificate, and accepts links with the right certificate', async () => {
    const error = await turnedAway(AmqpClient.open(strict.cloud, 'cert', { client: shows(await mint('cert')) }));
    expect(error.condition).toBe('amqp:unauthorized-access');
    expect(bodyIn(error)['errorCode']).toBe(401002);
    const device = await AmqpClient.open(strict.cloud, 'cert', { client: certificate });
    expect(jsonOf(await device.register({}))).toMatchObject({ status: 'assigning' });
    await device.close();
  });
});

test('DPS ends SASL after a user name that names no registration', async () => {
  const error = await turnedAway(come('dev-1', { ...plain(), username: 'admin' }));
  expect(error.condition).toBe('amqp:unauthorized-access');
});

describe('a TPM over AMQP', () => {
  test('authenticates by SASL, registers, and gets its wrapped hub key', async () => {
    const seen: Buffer[] = [];
    const device = await come('chip', { mechanisms: { TPM: tpmHalf('chip', chip, seen) } });
    expect(seen[0]).toEqual(Buffer.from([0]));
    const [, ...segments] = seen;
    expect(segments.map((segment) => segment[0])).toEqual([0x80, 0xc1]);
    expect(segments.every((segment) => segment.length <= 470)).toBe(true);
    expect(segments.reduce((sum, segment) => sum + segment.length - 1, 0)).toBe(920);

    const { operationId } = jsonOf(await device.register({ registrationId: 'chip', ...chip.body }));
    open.clock.set(noon + 2000);
    const state = jsonOf(await device.poll(operationId))['registrationState'] as { tpm: { authenticationKey: string } };
    open.clock.set(noon);
    expect(chip.unwrap(state.tpm.authenticationKey)).toHaveLength(32);
    await device.close();
  });

  test('needs no keys in the body, because the client sent its keys during SASL', async () => {
    const device = await come('chip', { mechanisms: { TPM: tpmHalf('chip', chip, []) } });
    expect(jsonOf(await device.register(''))).toMatchObject({ status: 'assigning' });
    // A TPM can answer a challenge only once, so this second registration over the same connection fails.
    expect(await device.register('')).toMatchObject({ kind: 'rejected' });
    await device.close();
  });

  test.each<[string, string, () => object, string]>([
    ['with another endorsement key', 'chip', () => tpmHalf('chip', new SoftTpm(), []), 'endorsement-key-matches'],
    ['that is not enrolled', 'ghost', () => tpmHalf('ghost', chip, []), 'enrollment-found'],
    [
      'that signs with another key',
      'chip',
      () => tpmHalf('chip', chip, [], () => dpsToken(randomBytes(32), 'chip')),
      'challenge-answered',
    ],
    [
      'with a slow clock',
      'chip',
      () => tpmHalf('chip', chip, [], (key) => dpsToken(key, 'chip', { se: 5 })),
      'token-fresh',
    ],
  ])('%s is refused at the end of SASL', async (_name, id, half, check) => {
    const error = await turnedAway(come(id, { mechanisms: { TPM: half() } }));
    expect(error.condition).toBe('amqp:unauthorized-access');
    expect(open.lastVerdict()).toBe(`dps ${check}`);
  });

  test.each<[string, Buffer, Buffer]>([
    ['a beginning without names', Buffer.from('hello'), Buffer.alloc(0)],
    ['nothing at all', Buffer.alloc(0), Buffer.alloc(0)],
    [
      'a storage root key that is none',
      Buffer.concat([Buffer.from(`\0${idScope}\0chip\0`), chip.endorsementKey]),
      Buffer.from([0, 1, 2]),
    ],
    [
      'a response of the wrong form',
      Buffer.concat([Buffer.from(`\0${idScope}\0chip\0`), chip.endorsementKey]),
      Buffer.from([9]),
    ],
  ])('that sends %s is refused', async (_name, hello, response) => {
    const half = {
      start: (done: Done) => done(undefined, hello),
      step: (_challenge: Buffer, done: Done) => done(undefined, response),
    };
    const error = await turnedAway(come('chip', { mechanisms: { TPM: half } }));
    expect(error.condition).toBe('amqp:unauthorized-access');
  });

  test('that sends its keys without SASL TPM is not authenticated', async () => {
    const device = await come('chip', {});
    const reply = await device.register({ registrationId: 'chip', ...chip.body });
    expect(reply.kind).toBe('rejected');
    await device.close();
  });
});

test('DPS answers each of the simultaneous requests of a device', async () => {
  const device = await come();
  const data: unknown = rhea.message.data_section(Buffer.from('{}'));
  const seen = new Set<unknown>();
  const all = new Promise<void>((done) => {
    device.connection.on('message', ({ message }) => {
      seen.add(message?.correlation_id);
      if (seen.size === 40) done();
    });
  });
  for (let index = 0; index < 40; index++) {
    device.send({ 'iotdps-operation-type': 'iotdps-register' }, data, `n-${index}`);
  }
  await all;
  await device.close();
});
