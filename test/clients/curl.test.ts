import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { mint, shows } from '../mocks/clients/certificates.ts';
import { dpsToken, hubToken, individual, serviceToken, symmetricKeys } from '../mocks/clients/credentials.ts';
import { expectFit } from '../mocks/clients/fit-schema.ts';
import { ownerOf } from '../mocks/clients/hub-http.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pemOf } from '../mocks/clients/raw-https.ts';
import { policyToken } from '../mocks/clients/service-wire.ts';
import { countEachAs } from '../sdk/sdk-row.ts';
import { ClientDesk } from './client-desk.ts';
import { clientMissing } from './client-missing.ts';

/** An answer of the server as curl reports it. */
interface Told {
  readonly status: number;
  readonly httpVersion: string;
  /** The header names are in lower case, as curl writes them. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly text: string;
}

describe.skipIf(clientMissing('curl', 'curl'))('curl', () => {
  countEachAs('curl', 'https', 'key');
  const desk = new ClientDesk();
  const keys = symmetricKeys();
  const [hub] = hubs;
  const token = dpsToken(keys.primaryKey, 'dev');
  let open: OpenCloud;
  let shownFiles: readonly string[];
  let root: string;

  beforeAll(async () => {
    open = await openCloud({ assignmentMs: 0 });
    const leaf = await mint('cert');
    const terms = { allocationPolicy: 'static', hubs: [hub] } as const;
    open.cloud.operator.putEnrollment(individual('dev', keys, terms));
    open.cloud.operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }, terms));
    const { cert, key } = desk.certificate('cert', shows(leaf));
    shownFiles = ['--cert', cert, '--key', key];
    root = desk.file('root.pem', pemOf(open.cloud.serverRoot));
  });
  afterAll(async () => {
    await open.cloud.close();
    desk.close();
  });

  /** Sends a request to the real host name, which curl resolves to the mock. curl verifies the chain and the name of the server. */
  async function curl(host: string, path: string, words: readonly string[]): Promise<Told> {
    const port = open.cloud.ports.https;
    const written = ['-w', String.raw`\n%{http_code} %{http_version}\n%{header_json}`];
    const place = ['--cacert', root, '--resolve', `${host}:${port}:127.0.0.1`, `https://${host}:${port}${path}`];
    const { code, stdout, stderr } = await desk.run('curl', [
      '-sS',
      '--max-time',
      '10',
      ...written,
      ...words,
      ...place,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, text = '', status, httpVersion = '', headers = '{}'] =
      /^([^]*)\n(\d{3}) ([\d.]+)\n(\{[^]*\})$/.exec(stdout.trimEnd()) ?? [];
    return { status: Number(status), httpVersion, headers: JSON.parse(headers) as Told['headers'], text };
  }

  const json = (method: string, body: unknown): string[] => [
    '-X',
    method,
    '-H',
    'Content-Type: application/json',
    ...(body === undefined ? [] : ['-d', JSON.stringify(body)]),
  ];
  const bearing = (authorization: string): string[] => ['-H', `Authorization: ${authorization}`];
  const device = (id: string, rest: string): string => `/${idScope}/registrations/${id}${rest}?api-version=2021-06-01`;
  const bodyOf = ({ text }: Told): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

  test.each<[string, string, string, () => readonly string[]]>([
    ['a token', 'dev', 'device/device-assigned-symmetric-key', () => bearing(token)],
    ['a client certificate', 'cert', 'device/device-assigned-x509', () => shownFiles],
  ])('registers with %s and polls the operation', async (_name, id, schema, proof) => {
    const accepted = await curl(globalEndpoint, device(id, '/register'), [
      ...json('PUT', { registrationId: id }),
      // The samples in the documentation send this header, although their content is not compressed.
      '-H',
      'Content-Encoding: utf-8',
      '--http1.1',
      ...proof(),
    ]);
    expect([accepted.status, accepted.httpVersion]).toEqual([202, '1.1']);
    expect(accepted.headers).toMatchObject({
      'content-type': ['application/json; charset=utf-8'],
      'retry-after': ['3'],
      'transfer-encoding': ['chunked'],
      location: [expect.stringMatching(`/${idScope}/registrations/${id}/register$`)],
    });
    expectFit('device/device-accepted', bodyOf(accepted));
    const operation = `/operations/${String(bodyOf(accepted)['operationId'])}`;
    const done = await curl(globalEndpoint, device(id, operation), proof());
    expect(done.status).toBe(200);
    expectFit(schema, bodyOf(done));
    const state = await curl(globalEndpoint, device(id, ''), [...json('POST', { registrationId: id }), ...proof()]);
    expect(state.status).toBe(200);
    expectFit('device/device-status', bodyOf(state));
  });

  test('offers HTTP/2 and gets HTTP/1.1', async () => {
    const answer = await curl(globalEndpoint, device('dev', '/register'), [
      ...json('PUT', {}),
      ...bearing(token),
      '--http2',
    ]);
    expect([answer.status, answer.httpVersion]).toEqual([202, '1.1']);
  });

  test('reads a refusal with its error code in a header', async () => {
    const wrong = bearing(dpsToken(randomBytes(32), 'dev'));
    const refused = await curl(globalEndpoint, device('dev', '/register'), [...json('PUT', {}), ...wrong]);
    expect(refused.status).toBe(401);
    expect(refused.headers['x-ms-error-code']).toEqual(['401002']);
    expectFit('device/device-error', bodyOf(refused));
  });

  test('waits for "100 Continue" before it sends a large body', async () => {
    const body = desk.file('large.json', JSON.stringify({ payload: 'x'.repeat(60_000) }));
    const answer = await curl(globalEndpoint, device('dev', '/register'), [
      '-T',
      body,
      '-H',
      'Content-Type: application/json',
      '-H',
      'Expect: 100-continue',
      ...bearing(token),
    ]);
    expect(answer.status).toBe(202);
  });

  test('sends two requests on one connection', async () => {
    const url = `https://localhost:${open.cloud.ports.https}${device('dev', '')}`;
    const one = ['-sS', '--cacert', root, ...json('POST', {}), ...bearing(token), '-o', '/dev/null', url];
    const written = ['-w', String.raw`%{http_code} %{num_connects}\n`];
    const { stdout } = await desk.run('curl', [...written, ...one, '--next', ...written, ...one]);
    expect(stdout).toBe('200 1\n200 0\n');
  });

  test('creates, reads and deletes an enrollment at the service API', async () => {
    const { host, policyName, key } = open.cloud.serviceAccess;
    const owner = bearing(policyToken(key, policyName, host));
    const place = '/enrollments/by-curl?api-version=2021-10-01';
    const enrollment = { registrationId: 'by-curl', attestation: { type: 'symmetricKey' } };
    const made = await curl(host, place, [...json('PUT', enrollment), ...owner]);
    expect(made.status).toBe(200);
    expectFit('service/individual-enrollment-put', bodyOf(made));
    const read = await curl(host, place, owner);
    expect(read.status).toBe(200);
    expectFit('service/individual-enrollment', bodyOf(read));
    const found = await curl(host, '/enrollments/query?api-version=2021-10-01', [
      ...json('POST', { query: '*' }),
      ...owner,
    ]);
    expect([found.status, found.headers['x-ms-item-type']]).toEqual([200, ['enrollment']]);
    expect(await curl(host, place, ['-X', 'DELETE', ...owner])).toMatchObject({ status: 204, text: '' });
    const gone = await curl(host, place, owner);
    expect(gone.status).toBe(404);
    expectFit('service/service-error', bodyOf(gone));
  });

  test('creates a device at a hub, sends its telemetry, and reads its twin', async () => {
    const owner = bearing(serviceToken(ownerOf(open), hub));
    const version = 'api-version=2021-04-12';
    const made = await curl(hub, `/devices/meter?${version}`, [...json('PUT', { deviceId: 'meter' }), ...owner]);
    expect(made.status).toBe(200);
    const { symmetricKey } = bodyOf(made)['authentication'] as { symmetricKey: { primaryKey: string } };
    const own = bearing(hubToken(Buffer.from(symmetricKey.primaryKey, 'base64'), hub, 'meter'));
    const sent = await curl(hub, `/devices/meter/messages/events?${version}`, [...json('POST', { kWh: 7 }), ...own]);
    expect([sent.status, sent.text]).toEqual([204, '']);
    const twin = await curl(hub, `/twins/meter?${version}`, owner);
    expect(bodyOf(twin)).toMatchObject({ deviceId: 'meter', properties: { desired: { $version: 1 } } });
    const heard = open.history.events().flatMap((event) => (event.kind === 'wire' ? [event.message] : []));
    expect(heard.filter((message) => message.includes('/devices/meter/messages/events'))).toHaveLength(1);
  });

  test('refuses the server if curl trusts only another root', async () => {
    const other = desk.file('other.pem', (await mint('Other Root', { ca: {} })).pem);
    const url = `https://localhost:${open.cloud.ports.https}${device('dev', '')}`;
    const { code } = await desk.run('curl', ['-sS', '--cacert', other, url]);
    // curl exits with 60 if it cannot verify the certificate of the server.
    expect(code).toBe(60);
  });
});
