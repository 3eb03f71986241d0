import { createHmac } from 'node:crypto';
import { createLocalJWKSet, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EntraApplication } from '../../../core/cloud/cloud.ts';
import { askAsOwner, askHub, createDevice } from '../clients/hub-http.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { ask } from '../clients/raw-https.ts';
import { RawMqtt } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
const hubResource = 'https://iothubs.azure.net';
const dpsResource = 'https://azure-devices-provisioning.net';
const dps = 'rehearsal.azure-devices-provisioning.net';
let open: OpenCloud;

beforeAll(async () => {
  const roles = {
    everything: {},
    reader: { roles: ['IoT Hub Data Reader', 'Device Provisioning Service Data Reader'] },
    registry: { roles: ['IoT Hub Registry Contributor'] },
    twins: { roles: ['IoT Hub Twin Contributor'] },
    nothing: { roles: [] },
  } as const;
  open = await openCloud({ entra: { applications: roles } });
  await createDevice(open, 'dev');
});
afterAll(() => open.cloud.close());

function application(name: string): EntraApplication {
  const found = open.cloud.entra.applications.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no application ${name}`);
  return found;
}

function post(fields: Readonly<Record<string, string>>, path = `/${open.cloud.entra.tenantId}/oauth2/v2.0/token`) {
  const headers = { Host: 'login.microsoftonline.com', 'Content-Type': 'application/x-www-form-urlencoded' };
  return ask(open.cloud, { method: 'POST', path, headers, body: new URLSearchParams(fields).toString() });
}

async function tokenOf(name: string, resource = hubResource): Promise<string> {
  const { clientId, clientSecret } = application(name);
  const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const { status, body } = await post({ ...fields, scope: `${resource}/.default` });
  expect(status).toBe(200);
  return String(body?.['access_token']);
}

async function keys(): Promise<JSONWebKeySet> {
  const path = `/${open.cloud.entra.tenantId}/discovery/v2.0/keys`;
  const { body } = await ask(open.cloud, { path, headers: { Host: 'login.microsoftonline.com' } });
  return body as unknown as JSONWebKeySet;
}

const call = (token: string, method: string, path: string, body?: object) =>
  askHub(open, {
    method,
    path,
    headers: { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const callDps = (token: string, method: string, path: string, body?: object) =>
  ask(open.cloud, {
    method,
    path: `${path}?api-version=2021-10-01`,
    headers: { Host: dps, Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('the token endpoint', () => {
  test('issues tokens that a client can verify by discovery and the published keys', async () => {
    const token = await tokenOf('everything');
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(await keys()), {
      currentDate: new Date(noon),
    });
    expect(protectedHeader.alg).toBe('RS256');
    const { clientId } = application('everything');
    expect(payload).toMatchObject({ aud: hubResource, appid: clientId, tid: open.cloud.entra.tenantId });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3599);
    const path = `/${open.cloud.entra.tenantId}/v2.0/.well-known/openid-configuration`;
    const found = await ask(open.cloud, { path, headers: { Host: 'login.microsoftonline.com' } });
    const base = `https://login.microsoftonline.com/${open.cloud.entra.tenantId}`;
    expect(found.body).toMatchObject({
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    });
  });

  test('never publishes its private key, and keeps tokens out of the history', async () => {
    const token = await tokenOf('everything');
    expect(Object.keys((await keys()).keys[0] ?? {})).not.toContain('d');
    expect(JSON.stringify(open.history.events())).not.toContain(token.split('.')[2]);
  });

  test.each<[string, Record<string, string>, number, string]>([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'x' }, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['a scope without a resource', { scope: 'openid' }, 400, 'invalid_scope'],
  ])('refuses %s', async (_name, changed, status, error) => {
    const { clientId, clientSecret } = application('everything');
    const fields = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const answer = await post({ ...fields, scope: `${hubResource}/.default`, ...changed });
    expect(answer).toMatchObject({ status, body: { error } });
    expect(answer.body?.['error_description']).toMatch(/^AADSTS\d+: .* Trace ID: /);
  });

  test('refuses a request for another tenant', async () => {
    expect((await post({}, '/contoso/oauth2/v2.0/token')).body).toMatchObject({ error: 'invalid_tenant' });
  });
});

describe('the service side of a hub', () => {
  test.each<[string, string, string, object | undefined, number]>([
    ['everything', 'GET', '/devices/dev', undefined, 200],
    ['everything', 'PUT', '/devices/made', { deviceId: 'made' }, 200],
    ['everything', 'POST', '/devices/query', { query: 'SELECT * FROM devices' }, 200],
    ['reader', 'GET', '/devices/dev', undefined, 200],
    ['reader', 'GET', '/twins/dev', undefined, 200],
    ['reader', 'PATCH', '/twins/dev', { tags: {} }, 401],
    ['reader', 'PUT', '/devices/made-too', { deviceId: 'made-too' }, 401],
    ['registry', 'PUT', '/devices/made-by-registry', { deviceId: 'made-by-registry' }, 200],
    ['registry', 'GET', '/twins/dev', undefined, 401],
    ['twins', 'PATCH', '/twins/dev', { tags: { site: 'Ulm' } }, 200],
    ['twins', 'GET', '/devices/dev', undefined, 401],
    ['nothing', 'GET', '/devices/dev', undefined, 401],
  ])('checks the roles of the application %s for %s %s', async (name, method, path, body, status) => {
    const answer = await call(await tokenOf(name), method, path, body);
    expect(answer.status).toBe(status);
    if (status !== 401) return;
    expect(answer.headers['iothub-errorcode']).toBe('IotHubUnauthorized');
    expect(answer.body?.['Message']).toMatch(
      new RegExp(`^ErrorCode:IotHubUnauthorized;Principal \\S+ is not authorized for ${method} on ${path} due to`),
    );
    expect(open.lastVerdict()).toBe('hub hub-policy-allows');
  });

  test('answers 404 to a request for a module of a missing device, as a live hub did in 2026', async () => {
    const answer = await call(await tokenOf('everything'), 'GET', '/devices/none/modules/m');
    expect(answer.headers['iothub-errorcode']).toBe('DeviceNotFound');
  });

  test('refuses a token for DPS', async () => {
    expect((await call(await tokenOf('everything', dpsResource), 'GET', '/devices/dev')).status).toBe(401);
    expect(open.lastVerdict()).toBe('hub hub-token-well-formed');
  });

  test('refuses an expired token', async () => {
    const later = await openCloud();
    try {
      const [owner] = later.cloud.entra.applications;
      const fields = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: owner?.clientId ?? '',
        client_secret: owner?.clientSecret ?? '',
        scope: `${hubResource}/.default`,
      });
      const headers = { Host: 'login.microsoftonline.com', 'Content-Type': 'application/x-www-form-urlencoded' };
      const path = `/${later.cloud.entra.tenantId}/oauth2/v2.0/token`;
      const { body } = await ask(later.cloud, { method: 'POST', path, headers, body: fields.toString() });
      const token = { Authorization: `Bearer ${String(body?.['access_token'])}` };
      expect((await askHub(later, { path: '/devices', headers: token })).status).toBe(200);
      later.clock.set(noon + 3_599_000 + 300_001);
      expect((await askHub(later, { path: '/devices', headers: token })).status).toBe(401);
      expect(later.lastVerdict()).toBe('hub hub-token-fresh');
    } finally {
      await later.cloud.close();
    }
  });

  test('refuses forged tokens: a token without a signature, with an HMAC by the public key, or with a signature of another key', async () => {
    const genuine = await tokenOf('everything');
    const [head = '', payload = ''] = genuine.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    const [jwk] = (await keys()).keys;
    const toSign = `${Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT', kid })).toString('base64url')}.${payload}`;
    const hmac = createHmac('sha256', JSON.stringify(jwk)).update(toSign).digest('base64url');
    const { privateKey } = await generateKeyPair('RS256');
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid })).toString('base64url');
    const forged = {
      unsigned: new UnsecuredJWT(claims).encode(),
      'unsigned with the key ID': `${none}.${payload}.`,
      'HMAC under the public key': `${toSign}.${hmac}`,
      'another key': await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey),
      'changed claims': genuine.replace(
        payload,
        Buffer.from(JSON.stringify({ ...claims, exp: 4e9 })).toString('base64url'),
      ),
    };
    for (const [name, token] of Object.entries(forged)) {
      expect([name, (await call(token, 'GET', '/devices/dev')).status]).toEqual([name, 401]);
      expect([name, open.lastVerdict()]).toEqual([name, 'hub hub-token-signature-matches']);
    }
    for (const token of ['x', 'a.b.c', '', 'e30.e30.']) {
      expect((await call(token, 'GET', '/devices/dev')).status).toBe(401);
    }
  });

  test('never accepts a token of Entra ID on the device API', async () => {
    const token = await tokenOf('everything');
    const events = '/devices/dev/messages/events';
    expect((await call(token, 'POST', events, {})).status).toBe(401);
    for (const password of [token, `Bearer ${token}`]) {
      const device = await RawMqtt.open(open.cloud);
      const username = `${hub}/dev/?api-version=2021-04-12`;
      expect(await device.connect({ clientId: 'dev', username, password })).toBe(5);
      device.close();
    }
  });

  test('still accepts the tokens of shared access policies', async () => {
    expect((await askAsOwner(open, 'GET', '/devices/dev')).status).toBe(200);
  });
});

describe('the service API of DPS', () => {
  const enrollment = { registrationId: 'dev', attestation: { type: 'symmetricKey' } };

  test('checks the roles of the application', async () => {
    const all = await tokenOf('everything', dpsResource);
    expect((await callDps(all, 'PUT', '/enrollments/dev', enrollment)).status).toBe(200);
    expect((await callDps(all, 'POST', '/enrollments/dev/attestationmechanism')).status).toBe(200);
    const reader = await tokenOf('reader', dpsResource);
    expect((await callDps(reader, 'GET', '/enrollments/dev')).status).toBe(200);
    expect((await callDps(reader, 'POST', '/enrollments/dev/attestationmechanism')).status).toBe(401);
    expect((await callDps(reader, 'DELETE', '/enrollments/dev')).status).toBe(401);
    expect(open.lastVerdict()).toBe('dps policy-grants-right');
    expect((await callDps(await tokenOf('nothing', dpsResource), 'GET', '/enrollments/dev')).status).toBe(401);
  });

  test('refuses an Entra ID token for hubs, and refuses any Entra ID token in a request for CA certificates', async () => {
    expect((await callDps(await tokenOf('everything'), 'GET', '/enrollments/dev')).status).toBe(401);
    expect(open.lastVerdict()).toBe('dps policy-token-audience-matches');
    expect((await callDps(await tokenOf('everything', dpsResource), 'GET', '/certificates')).status).toBe(401);
  });
});
