import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../../../core/wire/dps-wire.ts';
import { dpsToken, individual, symmetricKeys } from '../../clients/credentials.ts';
import { hubs, idScope, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { ask, pemOf, type RawAnswer, type RawRequest } from '../../clients/raw-https.ts';

let open: OpenCloud;
const keys = symmetricKeys();
const guid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const ticks = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;

beforeAll(async () => {
  open = await openCloud();
  const terms = { allocationPolicy: 'static', hubs: [hubs[0]] } as const;
  expect(open.cloud.operator.putEnrollment(individual('dev-1', keys, terms))).toMatchObject({ ok: true });
});
afterAll(() => open.cloud.close());

const token = (): string => dpsToken(keys.primaryKey, 'dev-1');
const root = `/${idScope}/registrations/dev-1`;
const registerPath = `${root}/register?api-version=2019-03-31`;
const register = (changed: Partial<RawRequest> = {}): Promise<RawAnswer> =>
  ask(open.cloud, {
    method: 'PUT',
    path: registerPath,
    body: '{"registrationId":"dev-1"}',
    ...changed,
    headers: { Authorization: token(), ...changed.headers },
  });
const poll = (operationId: unknown, changed: Partial<RawRequest> = {}): Promise<RawAnswer> =>
  ask(open.cloud, {
    path: `${root}/operations/${String(operationId)}?api-version=2019-03-31`,
    ...changed,
    headers: { Authorization: token(), ...changed.headers },
  });

function expectEnvelope(answer: RawAnswer): void {
  expect(answer.httpVersion).toBe('1.1');
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['transfer-encoding']).toBe('chunked');
  expect(answer.headers['content-length']).toBeUndefined();
  expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  expect(answer.headers['x-ms-request-id']).toMatch(new RegExp(`^${guid}$`));
}

function expectError(answer: RawAnswer, status: number, errorCode: number): void {
  expectEnvelope(answer);
  expect([answer.status, answer.body?.['errorCode']]).toEqual([status, errorCode]);
  expect(Object.keys(answer.body ?? {})).toEqual(['errorCode', 'trackingId', 'message', 'timestampUtc']);
  expect(answer.body?.['trackingId']).toBe(answer.headers['x-ms-request-id']);
  expect(answer.headers['x-ms-error-code']).toBe(String(errorCode));
  expect(answer.body?.['timestampUtc']).toBe('2026-01-05T12:00:00.0000000Z');
  expect(answer.headers['retry-after']).toBeUndefined();
}

const at = (path: string, method = 'PUT', changed: Partial<RawRequest> = {}): Partial<RawRequest> => ({
  method,
  path,
  ...changed,
});

describe('a registration over HTTPS', () => {
  test('gets 202, 202 and 200, in the JSON shape of the real service', async () => {
    const accepted = await register();
    expectEnvelope(accepted);
    expect([accepted.status, accepted.statusMessage]).toEqual([202, 'Accepted']);
    expect(accepted.headers['retry-after']).toBe('3');
    expect(accepted.headers['location']).toBe(`https://${globalEndpoint}${root}/register`);
    const operationId = accepted.body?.['operationId'];
    expect(operationId).toMatch(new RegExp(`^\\d\\.[0-9a-f]{16}\\.${guid}$`));
    expect(accepted.body).toEqual({ operationId, status: 'assigning' });

    const running = await poll(operationId);
    expectEnvelope(running);
    expect([running.status, running.statusMessage]).toEqual([202, 'Accepted']);
    expect(running.headers['retry-after']).toBe('3');
    expect(running.headers['location']).toBeUndefined();
    expect(running.body).toEqual({
      operationId,
      status: 'assigning',
      registrationState: { registrationId: 'dev-1', status: 'assigning' },
    });

    open.clock.set(noon + 2000);
    const done = await poll(operationId, { body: '{}' });
    open.clock.set(noon);
    expectEnvelope(done);
    expect([done.status, done.statusMessage]).toEqual([200, 'OK']);
    expect(done.headers['retry-after']).toBeUndefined();
    const state = done.body?.['registrationState'] as Record<string, unknown>;
    expect(done.body).toEqual({ operationId, status: 'assigned', registrationState: state });
    expect(state).toEqual({
      registrationId: 'dev-1',
      createdDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
      assignedHub: hubs[0],
      deviceId: 'dev-1',
      status: 'assigned',
      substatus: 'initialAssignment',
      lastUpdatedDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
      etag: state['etag'],
    });
    expect(state['createdDateTimeUtc']).toMatch(ticks);
    expect(Buffer.from(String(state['etag']), 'base64').toString()).toMatch(new RegExp(`^"${guid}"$`));
  });

  test('ends exactly when the assignment ends, to the millisecond', async () => {
    const operationId = (await register()).body?.['operationId'];
    open.clock.set(noon + 1999);
    expect((await poll(operationId)).status).toBe(202);
    open.clock.set(noon + 2000);
    expect((await poll(operationId)).status).toBe(200);
    open.clock.set(noon);
  });

  test.each<[string, Partial<RawRequest>]>([
    ['with Content-Encoding: utf-8, as the documents do', { headers: { 'Content-Encoding': 'utf-8' } }],
    ['without a content type', { headers: { 'Content-Type': null } }],
    ['with a bare content type', { headers: { 'Content-Type': 'application/json' } }],
    ['with no body', { body: '' }],
    ['with a blank body', { body: ' ' }],
    ['with an empty object', { body: '{}' }],
    ['with a payload', { body: '{"registrationId":"dev-1","payload":{"modelId":"dtmi:a;1"}}' }],
    ['with tpm: null', { body: '{"registrationId":"dev-1","tpm":null}' }],
    ['with its ID in capitals', { body: '{"registrationId":"DEV-1"}' }],
    ['with forceRegistration', { path: `${registerPath}&forceRegistration=true` }],
    ['with the path in capitals', { path: `/${idScope}/Registrations/dev-1/Register?api-version=2019-03-31` }],
    ['with an escaped path', { path: `/${idScope}/registrations/dev%2D1/register?api-version=2019-03-31` }],
    ['with the lower-case scope', { path: registerPath.replace(idScope, idScope.toLowerCase()) }],
    ['with a body of 96 KB', { body: JSON.stringify({ payload: 'x'.repeat(96 * 1024 - 14) }) }],
    ['to another host name', { headers: { Host: 'my-dps.azure-devices-provisioning.net' } }],
  ])('is accepted %s', async (_name, changed) => {
    expect((await register(changed)).status).toBe(202);
  });

  test.each(['2018-11-01', '2019-03-31', '2019-04-15', '2021-06-01', '2021-10-01', '2025-07-01-preview'])(
    'works with api-version %s',
    async (version) => {
      expect((await register({ path: `${root}/register?api-version=${version}` })).status).toBe(202);
    },
  );

  test('has a new operation ID and a new request ID each time', async () => {
    const [one, other] = [await register(), await register()];
    expect(one.body?.['operationId']).not.toBe(other.body?.['operationId']);
    expect(one.headers['x-ms-request-id']).not.toBe(other.headers['x-ms-request-id']);
  });
});

describe('the status lookup', () => {
  test('returns the state of a registered device only to the device itself', async () => {
    await register();
    const found = await ask(open.cloud, {
      method: 'POST',
      path: `${root}?api-version=2021-06-01`,
      body: '{"registrationId":"dev-1"}',
      headers: { Authorization: token() },
    });
    expectEnvelope(found);
    expect(found.status).toBe(200);
    expect(found.body).toMatchObject({
      registrationId: 'dev-1',
      status: 'assigned',
      assignedHub: hubs[0],
      deviceId: 'dev-1',
    });
    expect(found.body).not.toHaveProperty('operationId');
  });

  test('accepts a target in absolute-form, whose host has priority over the Host header', async () => {
    await register();
    const lookUp = (host: string) =>
      ask(open.cloud, {
        method: 'POST',
        path: `https://${host}${root}?api-version=2021-06-01`,
        body: '{}',
        headers: { Authorization: token(), Host: host === globalEndpoint ? hubs[0] : globalEndpoint },
      });
    expect((await lookUp(globalEndpoint)).body).toMatchObject({ status: 'assigned' });
    expect((await lookUp(hubs[0])).status).not.toBe(200);
  });

  test('is refused to another device', async () => {
    const found = await ask(open.cloud, { method: 'POST', path: `${root}?api-version=2021-06-01`, body: '{}' });
    expectError(found, 401, 401002);
  });

  test('returns 404 for a device that never registered', async () => {
    const own = symmetricKeys();
    open.cloud.operator.putEnrollment(individual('fresh', own));
    const found = await ask(open.cloud, {
      method: 'POST',
      path: `/${idScope}/registrations/fresh?api-version=2021-06-01`,
      body: '{}',
      headers: { Authorization: dpsToken(own.primaryKey, 'fresh') },
    });
    expectError(found, 404, 404201);
  });
});

describe('an invalid request', () => {
  test.each<[string, Partial<RawRequest>, number, number]>([
    ['no api-version', at(`${root}/register`), 400, 400005],
    ['an empty api-version', at(`${root}/register?api-version=`), 400, 400005],
    ['an unknown api-version', at(`${root}/register?api-version=1999-01-01`), 400, 400005],
    ['a near miss of an api-version', at(`${root}/register?api-version=2019-03-31%20`), 400, 400005],
    ['an unknown path', at('/'), 404, 404001],
    ['a path too short', at(`/${idScope}/registrations?api-version=2019-03-31`), 404, 404001],
    ['a path too long', at(`${root}/register/now?api-version=2019-03-31`), 404, 404001],
    ['an unknown verb', at(`${root}/unregister?api-version=2019-03-31`), 404, 404001],
    ['a bad escape in the path', at(`/${idScope}/registrations/%E0%A4%A/register?api-version=2019-03-31`), 404, 404001],
    ['a GET of register', at(registerPath, 'GET'), 405, 405001],
    ['a POST of register', at(registerPath, 'POST'), 405, 405001],
    ['a DELETE of a registration', at(`${root}?api-version=2019-03-31`, 'DELETE'), 405, 405001],
    ['a PUT of an operation', at(`${root}/operations/4.a.b?api-version=2019-03-31`), 405, 405001],
    ['text/plain', { headers: { 'Content-Type': 'text/plain' } }, 415, 415001],
    ['a form', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }, 415, 415001],
    ['a content type that only ends in JSON', { headers: { 'Content-Type': 'text/json' } }, 415, 415001],
    ['a body above 96 KB', { body: JSON.stringify({ payload: 'x'.repeat(96 * 1024) }) }, 413, 413001],
    ['malformed JSON', { body: '{"registrationId":' }, 400, 400003],
    ['a body in UTF-16', { body: Buffer.from('{"registrationId":"dev-1"}', 'utf16le') }, 400, 400003],
    ['an array', { body: '[]' }, 400, 400004],
    ['a bare string', { body: '"dev-1"' }, 400, 400004],
    ['null', { body: 'null' }, 400, 400004],
    ['the ID of another device', { body: '{"registrationId":"dev-2"}' }, 400, 400004],
    ['an ID that is a number', { body: '{"registrationId":1}' }, 400, 400004],
    ['a tpm that is no object', { body: '{"tpm":"key"}' }, 400, 400004],
    [
      'an ID with a blank',
      at(`/${idScope}/registrations/dev%201/register?api-version=2019-03-31`, 'PUT', { body: '{}' }),
      400,
      400004,
    ],
    [
      'an ID with a slash',
      at(`/${idScope}/registrations/dev%2F1/register?api-version=2019-03-31`, 'PUT', { body: '{}' }),
      400,
      400004,
    ],
    ['no token', { headers: { Authorization: null } }, 401, 401002],
    ['another ID scope', at(registerPath.replace(idScope, '0neFFFFFFFF')), 404, 404201],
  ])('is refused with the right error: %s', async (_name, changed, status, errorCode) => {
    const headers = 'headers' in changed && changed.headers?.['Authorization'] === null ? { Authorization: null } : {};
    expectError(await register({ ...changed, headers: { ...changed.headers, ...headers } }), status, errorCode);
  });

  test('for an unknown operation gets 404', async () => {
    expectError(await poll(`4.0123456789abcdef.${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`), 404, 404202);
    expectError(await poll(''), 404, 404202);
  });

  test('gets an answer before its whole body has arrived, if the body has several megabytes', async () => {
    const sent = register({ body: randomBytes(8 * 1024 * 1024).toString('base64') });
    const outcome = await sent.then(
      (answer) => answer.status,
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(outcome);
    expect((await register()).status).toBe(202);
  });
});

test('curl registers with the documented commands', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'https-door-'));
  try {
    const ca = join(folder, 'root.pem');
    await writeFile(ca, pemOf(open.cloud.serverRoot));
    const { stdout } = await promisify(execFile)('curl', [
      '--silent',
      '--show-error',
      '--include',
      '--max-time',
      '5',
      '--cacert',
      ca,
      '--connect-to',
      `${globalEndpoint}:443:127.0.0.1:${open.cloud.ports.https}`,
      '-X',
      'PUT',
      '-H',
      'Content-Type: application/json',
      '-H',
      'Content-Encoding: utf-8',
      '-H',
      `Authorization: ${token()}`,
      '-d',
      '{"registrationId": "dev-1"}',
      `https://${globalEndpoint}${registerPath}`,
    ]);
    const [head = '', body = ''] = stdout.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe('HTTP/1.1 202 Accepted');
    expect(head).toMatch(/^Retry-After: 3$/m);
    expect(JSON.parse(body)).toMatchObject({ status: 'assigning' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
