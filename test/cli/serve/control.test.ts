import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { beforeAll, afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Ready } from '../../../cli/serve/ready.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { derOfPem } from '../../../core/x509/der/pem.ts';
import { mint, shows } from '../../mocks/clients/certificates.ts';
import { hubToken, tokenFor } from '../../mocks/clients/credentials.ts';
import { ask } from '../../mocks/clients/raw-https.ts';
import { RawMqtt } from '../../mocks/clients/raw-mqtt.ts';
import type { Reachable } from '../../mocks/clients/reachable.ts';
import {
  controlled,
  curl,
  ownerCall,
  registerByKey,
  secret,
  startSharedLab,
  tokenHeader,
  type SharedLab,
} from './lab-process.ts';

const yaml = `
pki: { plant-root: { validity: P20Y } }
cloud:
  assignment: PT0S
  hubs: [{ name: hub-eu, certificateAuthorities: [plant-root], events: { consumerGroups: [lab] } }]
  enrollmentGroups: { devices: { symmetricKey: true } }
enrollments: { gauge: { symmetricKey: true, deviceId: Gauge-7 } }
`;

/** Expiry of tokens in seconds since 1970. The tests advance the clock of the lab, but never beyond this expiry. */
const in2096 = Date.UTC(2096, 0, 1) / 1000;

function tokenUntil2096(groupKey: Buffer, scope: string): string {
  return tokenFor(deriveDeviceKey(groupKey, 'updated'), `${scope}%2Fregistrations%2Fupdated`, in2096);
}

function cloudOf({ ports, ca }: Ready): Reachable {
  return { ports, serverRoot: derOfPem(readFileSync(ca, 'utf8')) ?? Buffer.alloc(0) };
}

describe('the control API of a lab', () => {
  let lab: SharedLab;
  let ready: Ready;
  let groupKey: Buffer;

  beforeAll(async () => {
    lab = await startSharedLab(yaml);
    ({ ready } = lab);
    groupKey = await secret(ready, 'devices primaryKey');
  });
  afterAll(async () => {
    expect(await lab.end()).toBe(0);
  });
  beforeEach(async () => {
    await controlled(ready, 'DELETE', '/faults');
  });

  const begin = (id: string): ReturnType<typeof curl> =>
    curl(ready, 'PUT', `${id}/register`, tokenHeader(ready, id, deriveDeviceKey(groupKey, id)), { registrationId: id });

  describe('the list of CAs that a hub trusts', () => {
    const path = '/hubs/hub-eu/authorities';
    const subjects = (body: Readonly<Record<string, unknown>>) =>
      (body['authorities'] as { subject: string }[]).map(({ subject }) => subject);

    test('includes the CAs of the lab file and the added CAs, and a device with a certificate of an added CA connects', async () => {
      const listed = await controlled(ready, 'GET', path);
      expect([listed.status, subjects(listed.body)]).toEqual([200, ['CN=plant-root']]);
      const validity = { notBefore: Date.UTC(2020, 0, 1), notAfter: Date.UTC(2099, 0, 1) };
      const ca = await mint('Own CA', { ca: {}, ...validity });
      const leaf = await mint('press', { by: ca, ...validity });
      const owner = ready.hubConnectionStrings['hub-eu'] ?? '';
      const identity = { deviceId: 'press', authentication: { type: 'certificateAuthority' } };
      expect((await ownerCall(ready, owner, 'PUT', 'devices/press?api-version=2021-04-12', identity)).status).toBe(200);
      const cloud = cloudOf(ready);
      const send = async () => {
        const where = { method: 'POST', path: '/devices/press/messages/events?api-version=2021-04-12' };
        return (
          await ask(cloud, { ...where, body: 'x', headers: { Host: 'hub-eu.azure-devices.net' }, client: shows(leaf) })
        ).status;
      };
      expect(await send()).toBe(401);
      const added = await controlled(ready, 'POST', path, { certificate: ca.pem });
      expect([added.status, subjects(added.body)]).toEqual([201, ['CN=plant-root', 'CN=Own CA']]);
      expect(await send()).toBe(204);
      const gone = await controlled(ready, 'DELETE', `${path}/${ca.certificate.thumbprintSha256}`);
      expect([gone.status, subjects(gone.body)]).toEqual([200, ['CN=plant-root']]);
      expect(await send()).toBe(401);
      expect((await controlled(ready, 'DELETE', `${path}/${ca.certificate.thumbprintSha256}`)).status).toBe(404);
    });

    test.each<[string, string, unknown, number, string]>([
      ['no certificate', path, {}, 400, 'expected a certificate in PEM'],
      ['a text that is not a certificate', path, { certificate: 'hunter2' }, 400, 'cannot be read'],
      ['an unknown hub', '/hubs/hub-xx/authorities', undefined, 404, 'no hub hub-xx'],
    ])('does not change after a request with %s', async (_name, where, body, status, error) => {
      const answer = await controlled(ready, body === undefined ? 'GET' : 'POST', where, body);
      expect([answer.status, answer.body['error']]).toEqual([status, expect.stringContaining(error)]);
    });

    test('never includes device certificates', async () => {
      const answer = await controlled(ready, 'POST', path, { certificate: (await mint('press')).pem });
      expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining('is not a CA')]);
    });
  });

  describe('refuses a request', () => {
    test.each([
      ['without a token', { Authorization: '' }, 401],
      ['with another token', { Authorization: `Bearer ${'0'.repeat(64)}` }, 401],
      ['from a web page', { Origin: 'http://evil.example' }, 403],
      ['with the host name of another site (DNS rebinding)', { Host: 'evil.example' }, 403],
    ])('%s', async (_, headers, status) => {
      expect(await rawStatus(ready, { Authorization: `Bearer ${ready.controlToken}`, ...headers })).toBe(status);
    });
  });

  test('answers every invalid request with an error sentence', async () => {
    for (const [method, path, body, status, sentence] of [
      ['GET', '/nothing', undefined, 404, /expected one of: .*GET \/clock/],
      ['PUT', '/clock', undefined, 405, /expected GET \/clock/],
      ['GET', '/%zz', undefined, 400, /percent-encoding of the path is invalid/],
      ['POST', '/faults', '{', 400, /not JSON/],
      ['POST', '/faults', ' '.repeat(70_000), 413, /larger than 64 KB/],
      ['POST', '/faults', undefined, 400, /fault/],
      ['POST', '/faults', {}, 400, /exactly one of answer, drop and delay/],
      ['POST', '/faults', { anwser: 429 }, 400, /did you mean "answer"/],
      ['POST', '/faults', { answer: 404 }, 400, /expected 429 or 500 or 503, found 404/],
      ['POST', '/faults', { drop: true, nth: 0, rate: 2 }, 400, /at least 1.*; .*at most 1/],
      ['DELETE', '/faults/fault-99', undefined, 404, /no fault has the ID/],
      ['PUT', '/consumer-groups/hub-us/mine', undefined, 404, /no hub "hub-us"; expected one of hub-eu/],
      ['PUT', '/consumer-groups/hub-eu/$mine', undefined, 400, /1 to 50 letters/],
      ['DELETE', '/consumer-groups/hub-eu/$Default', undefined, 404, /\$Default always stays/],
      ['POST', '/clock/advance', undefined, 400, /"by":"P11M"/],
      ['POST', '/clock/advance', { by: 'eleven months' }, 400, /"by":"P11M"/],
      ['POST', '/clock/advance', { by: '-P1D' }, 400, /cannot go back/],
      ['POST', '/clock/advance', { by: 'P200Y' }, 400, /expire at the end of 2099/],
      ['POST', '/clock/advance', { by: 'P9999999Y' }, 400, /too far|outside the calendar/],
    ] as const) {
      const answer = await controlled(ready, method, path, body);
      expect([path, answer.status, answer.body['error']]).toEqual([path, status, expect.stringMatching(sentence)]);
    }
  });

  test('sets, shows and removes the answers of the update service, and lists the reports of devices', async () => {
    const none = { status: 200, body: { updates: null, reports: [] } };
    expect(await controlled(ready, 'GET', '/updates')).toEqual(none);
    const onboarding = { provider: 'Contoso', name: 'Gauge', version: '2.0' };
    const set = await controlled(ready, 'PUT', '/updates', { onboarding });
    expect(set).toEqual({ status: 200, body: { updates: { onboarding }, reports: [] } });
    const post = (verb: string, body: object) =>
      ask(cloudOf(ready), {
        method: 'POST',
        path: `/${ready.idScope}/registrations/updated/${verb}?api-version=2026-11-02-preview`,
        headers: { Authorization: tokenUntil2096(groupKey, ready.idScope) },
        body: JSON.stringify(body),
      });
    const agentInfo = { agentSdkVersion: '2.0.0', agentProfile: 1, compatibilityProperties: {} };
    const offered = await post('requestOnboardingUpdates', { agentInfo });
    const { workflowId } = (offered.body?.['updateMetadata'] ?? {}) as { readonly workflowId: string };
    const installResult = {
      outcome: 'SUCCEEDED',
      failureOrigin: 'NOT_APPLICABLE',
      resultCode: 700,
      extendedResultCodes: '',
    };
    expect((await post('reportUpdateStatus', { workflowId, installResult })).status).toBe(200);
    const { body } = await controlled(ready, 'GET', '/updates');
    expect(body['reports']).toEqual([{ registrationId: 'updated', workflowId, outcome: 'SUCCEEDED', resultCode: 700 }]);
    await controlled(ready, 'PUT', '/updates', { error: 'UNSUPPORTED_API_VERSION' });
    const refused = await post('requestOnboardingUpdates', { agentInfo });
    expect(refused.body?.['info']).toMatchObject({ aduErrorCode: 'UNSUPPORTED_API_VERSION' });
    const odd = await controlled(ready, 'PUT', '/updates', { onboarding: { provider: 'Contoso' }, color: 'red' });
    expect(odd.status).toBe(400);
    expect(String(odd.body['error'])).toMatch(/color/);
    expect((await controlled(ready, 'DELETE', '/updates')).body['updates']).toBeNull();
  });

  test('ends the device connections of a hub for maintenance, and accepts new connections after the maintenance', async () => {
    const device = 'press-2';
    const owner = ready.hubConnectionStrings['hub-eu'] ?? '';
    expect((await ownerCall(ready, owner, 'PUT', `devices/${device}?api-version=2021-04-12`, {})).status).toBe(200);
    const { body: identity } = await ownerCall(ready, owner, 'GET', `devices/${device}?api-version=2021-04-12`);
    const { symmetricKey } = identity['authentication'] as { symmetricKey: { primaryKey: string } };
    const key = Buffer.from(symmetricKey.primaryKey, 'base64');
    const connect = async (): Promise<[RawMqtt, number | 'closed']> => {
      const connection = await RawMqtt.open(cloudOf(ready));
      const password = hubToken(key, 'hub-eu.azure-devices.net', device, in2096);
      const username = `hub-eu.azure-devices.net/${device}/?api-version=2021-04-12`;
      return [connection, await connection.connect({ clientId: device, username, password })];
    };
    const [open, code] = await connect();
    expect(code).toBe(0);
    const begun = await controlled(ready, 'POST', '/hubs/hub-eu/maintenance', { for: 'PT1M' });
    expect(begun).toEqual({ status: 200, body: { hub: 'hub-eu.azure-devices.net', for: 'PT1M' } });
    expect(await open.next()).toEqual({ kind: 'closed' });
    expect((await connect())[1]).toBe(3);
    await controlled(ready, 'POST', '/clock/advance', { by: 'PT1M' });
    const [again, accepted] = await connect();
    expect(accepted).toBe(0);
    again.close();
    for (const body of [{}, { for: 'soon' }, { for: '-PT1H' }, { for: 7 }])
      expect((await controlled(ready, 'POST', '/hubs/hub-eu/maintenance', body)).status).toBe(400);
    expect((await controlled(ready, 'POST', '/hubs/hub-xx/maintenance', { for: 'PT1M' })).status).toBe(404);
  });

  test('creates and removes consumer groups', async () => {
    const told = (groups: readonly string[]) => ({ consumerGroups: { 'hub-eu': groups } });
    const path = '/consumer-groups/hub-eu/dashboards';
    expect(await controlled(ready, 'GET', '/consumer-groups')).toMatchObject({ body: told(['$Default', 'lab']) });
    const both = told(['$Default', 'lab', 'dashboards']);
    expect(await controlled(ready, 'PUT', path)).toMatchObject({ status: 201, body: both });
    expect(await controlled(ready, 'PUT', path)).toMatchObject({ status: 200, body: both });
    expect(await controlled(ready, 'DELETE', path)).toMatchObject({ status: 200, body: told(['$Default', 'lab']) });
    expect(await controlled(ready, 'DELETE', path)).toMatchObject({ status: 404 });
  });

  test('injects a fault into N answers for the selected device, and records the fault in the history', async () => {
    const ordered = await controlled(ready, 'POST', '/faults', {
      answer: 429,
      retryAfter: 7,
      registrationId: 'Slow',
      operation: 'register',
      count: 2,
    });
    expect(ordered).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^fault-\d+$/), struck: 0 } });
    expect(await begin('other')).toMatchObject({ status: 202 });
    for (let count = 0; count < 2; count++) {
      expect(await begin('slow')).toMatchObject({
        status: 429,
        headers: { 'retry-after': '7' },
        body: { errorCode: 429001 },
      });
    }
    expect(await begin('slow')).toMatchObject({ status: 202 });
    const { body } = await controlled(ready, 'GET', '/faults');
    expect(body).toMatchObject({ faults: [{ effect: { kind: 'answer', status: 429 }, seen: 3, struck: 2 }] });
    // A fault applies only after authentication, so an unauthenticated client gets the normal refusal.
    await controlled(ready, 'POST', '/faults', { answer: 500 });
    const stranger = tokenHeader(ready, 'stranger', Buffer.from('no key at all'));
    expect(await curl(ready, 'PUT', 'stranger/register', stranger, {})).toMatchObject({ status: 401 });
    expect(await begin('slow')).toMatchObject({ status: 500, body: { errorCode: 500001 } });
    const history = await controlled(ready, 'GET', '/history?registrationId=SLOW');
    const deeds = (history.body['events'] as { kind: string; sentence?: string }[]).filter(
      ({ kind }) => kind === 'deed',
    );
    expect(deeds.map(({ sentence }) => sentence?.replace(/^fault-\d+: /, ''))).toEqual([
      'the register call is answered with 429',
      'the register call is answered with 429',
      'the register call is answered with 500',
    ]);
  });

  test('injects a fault without Retry-After, and removes each fault separately', async () => {
    const { body } = await controlled(ready, 'POST', '/faults', { answer: 503 });
    const answer = await begin('brief');
    expect(answer).toMatchObject({ status: 503, body: { errorCode: 503001 } });
    expect(answer.headers).not.toHaveProperty('retry-after');
    expect((await controlled(ready, 'DELETE', `/faults/${String(body['id'])}`)).body).toEqual({ faults: [] });
    expect(await begin('brief')).toMatchObject({ status: 202 });
  });

  test('injects a fault that closes the connection only at the nth call', async () => {
    await controlled(ready, 'POST', '/faults', { drop: true, registrationId: 'cut', nth: 2 });
    expect(await begin('cut')).toMatchObject({ status: 202 });
    expect(await begin('cut')).toMatchObject({ status: 0, exitCode: expect.toBeOneOf([52, 56]) });
    expect(await begin('cut')).toMatchObject({ status: 202 });
  });

  test('delivers a delayed answer when the clock is advanced', async () => {
    await controlled(ready, 'POST', '/faults', { delay: 'PT50M', registrationId: 'late' });
    const late = begin('late');
    await expect
      .poll(async () => (await controlled(ready, 'GET', '/history?registrationId=late')).body)
      .toMatchObject({ events: expect.arrayContaining([expect.objectContaining({ kind: 'deed' })]) });
    await controlled(ready, 'POST', '/clock/advance', { by: 'PT50M' });
    expect(await late).toMatchObject({ status: 202 });
  });

  test('applies a fault only between its start time and its end time', async () => {
    const { body } = await controlled(ready, 'GET', '/clock');
    const now = Date.parse(String(body['now']));
    const [past, future] = [new Date(now - 1000), new Date(now + 86_400_000)].map((at) => at.toISOString());
    await controlled(ready, 'POST', '/faults', { answer: 500, to: past });
    await controlled(ready, 'POST', '/faults', { answer: 503, from: future });
    expect(await begin('between')).toMatchObject({ status: 202 });
  });

  test('returns the history of a registration with the check that decided the registration', async () => {
    const gauge = await secret(ready, 'gauge primaryKey');
    expect(await registerByKey(ready, 'gauge', groupKey)).toMatchObject({ status: 401 });
    expect(await registerByKey(ready, 'gauge', gauge)).toMatchObject({ status: 200 });
    const { body } = await controlled(ready, 'GET', '/history?registrationId=gauge');
    const decisions = (body['events'] as { kind: string; failed?: unknown; checks?: unknown[] }[]).filter(
      ({ kind }) => kind === 'decision',
    );
    expect(decisions.map(({ failed }) => failed)).toEqual(['token-signature-matches', null]);
    expect(decisions[0]?.checks).toContainEqual(expect.objectContaining({ check: 'enrollment-found', passed: true }));
  });

  test('lists secrets with their locations, and values only with `reveal=true`', async () => {
    const hidden = await controlled(ready, 'GET', '/secrets');
    expect(hidden.body['secrets']).toContainEqual({
      name: 'devices primaryKey',
      kind: 'enrollment group key',
      place: 'in memory only',
    });
    expect(JSON.stringify(hidden.body)).not.toContain(groupKey.toString('base64'));
    expect((await controlled(ready, 'GET', '/secrets?reveal=1')).body).toEqual(hidden.body);
    const shown = await controlled(ready, 'GET', '/secrets?reveal=true');
    expect(JSON.stringify(shown.body)).toContain(groupKey.toString('base64'));
  });

  // This test is the last one, because it advances the clock, which cannot be set back.
  test('advances the clock by calendar months, so that tokens expire', async () => {
    const id = 'sleeper';
    const header = tokenHeader(ready, id, deriveDeviceKey(groupKey, id), Date.now() / 1000 + 3600);
    expect(await curl(ready, 'PUT', `${id}/register`, header, {})).toMatchObject({ status: 202 });
    const before = await controlled(ready, 'GET', '/clock');
    const { body } = await controlled(ready, 'POST', '/clock/advance', { by: 'P11M' });
    const [from, to] = [before.body['now'], body['now']].map((text) => new Date(String(text)));
    expect(((to?.getUTCMonth() ?? 0) - (from?.getUTCMonth() ?? 0) + 12) % 12).toBe(11);
    expect(await curl(ready, 'PUT', `${id}/register`, header, {})).toMatchObject({ status: 401 });
    const history = await controlled(ready, 'GET', `/history?registrationId=${id}`);
    expect((history.body['events'] as { failed?: unknown }[]).at(-2)).toMatchObject({ failed: 'token-fresh' });
  });
});

/** Sends a request with headers that `fetch` does not permit, and returns the status. */
function rawStatus(ready: Ready, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${ready.control}/secrets?reveal=true`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
