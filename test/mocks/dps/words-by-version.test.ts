import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { deviceApiVersions } from '../../../core/wire/dps-wire.ts';
import { derivedKey, dpsToken, group, individual, symmetricKeys } from '../clients/credentials.ts';
import { pollAt, registerAt, type DeviceListener } from '../clients/device-at-listener.ts';
import { lookUp, register, type Shown } from '../clients/device-wire.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { enrollmentWordsOf, expectFitVersion, wordsOfVersion } from '../clients/fit-version.ts';
import { noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { askService } from '../clients/service-wire.ts';
import { makeRequest } from '../clients/signing-requests.ts';

const keys = symmetricKeys();
const settings = {
  credentialPolicies: {
    monthly: { validityDays: 30 },
    weekly: { validityDays: 7, namespace: 'contoso-eu', certificateAuthority: 'LineCa' },
  },
};
const allNames = {
  credentialPolicyName: 'monthly',
  namespaceName: 'rehearsal',
  certificateAuthorityName: 'monthly',
  certificatePolicyName: 'monthly',
} as const;
const opened: OpenCloud[] = [];
let open: OpenCloud;
let csr: string;

async function openWith(changed: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const next = await openCloud({ ...settings, fidelity: { ...defaultFidelity, ...changed } });
  opened.push(next);
  next.cloud.operator.putEnrollment(individual('dev', keys, allNames));
  next.cloud.operator.putEnrollmentGroup(group('line', keys, allNames));
  return next;
}

beforeAll(async () => {
  csr = (await makeRequest('/CN=dev')).csr;
  open = await openWith();
});
afterAll(() => Promise.all(opened.map(({ cloud }) => cloud.close())));

const withCsr = (apiVersion: string): Shown => ({ token: dpsToken(keys.primaryKey, 'dev'), apiVersion, body: { csr } });
const words = (apiVersion: string): readonly string[] => wordsOfVersion[apiVersion] ?? [];
type Json = Record<string, unknown>;

/** Registers with a signing request over a listener. Returns the state of the last answer and the answer to a lookup, in the form of 2019-03-31. */
async function course(at: OpenCloud, door: DeviceListener, apiVersion: string): Promise<{ state: Json; lookup: Json }> {
  const shown = withCsr(apiVersion);
  const accepted = await registerAt(door, at, 'dev', shown);
  expect(accepted.status).toBe(202);
  expectFitVersion('device/device-accepted', apiVersion, accepted.body);
  const { operationId } = accepted.body as { readonly operationId: string };
  const running = await pollAt(door, at, 'dev', shown, operationId);
  expectFitVersion('device/device-running', apiVersion, asIn2019(running.body, apiVersion), ['issuedCertificateChain']);
  at.clock.set(noon + 2000);
  const done = asIn2019((await pollAt(door, at, 'dev', shown, operationId)).body, apiVersion);
  at.clock.set(noon);
  const found = await lookUp(at.cloud, 'dev', { ...shown, body: {} });
  expect(found.status).toBe(200);
  return { state: done, lookup: withETag(found.body ?? {}, apiVersion) };
}

/** Returns the answer of an operation with the names and the ETag form of 2019-03-31. */
function asIn2019(body: unknown, apiVersion: string): Json {
  const { registrationStatus, registrationState, ...rest } = body as Json;
  if (apiVersion === '2017-08-31-preview') expect(registrationState).toBeUndefined();
  else expect(registrationStatus).toBeUndefined();
  return { ...rest, registrationState: withETag((registrationStatus ?? registrationState) as Json, apiVersion) };
}

function withETag(state: Json, apiVersion: string): Json {
  const { etag } = state;
  if (!apiVersion.startsWith('2017') && !apiVersion.startsWith('2018')) return state;
  return typeof etag === 'string' ? { ...state, etag: Buffer.from(etag).toString('base64') } : state;
}

test('the table `wordsOfVersion` has an entry for every API version', () => {
  expect(Object.keys(wordsOfVersion)).toEqual(deviceApiVersions);
});

describe.each(Object.keys(wordsOfVersion))('the device API under %s', (apiVersion) => {
  test.each(['https', 'mqtt'] as const)(
    'answers over %s with the fields that this API version defines',
    async (door) => {
      const { state, lookup } = await course(open, door, apiVersion);
      const inner = state['registrationState'] as Json;
      const isIssued = words(apiVersion).includes('issuedCertificateChain');
      expectFitVersion(`device/device-assigned-${isIssued ? 'issued' : 'symmetric-key'}`, apiVersion, state);
      expect('issuedCertificateChain' in inner).toBe(isIssued);
      expect('connectionProfile' in inner).toBe(false);
      expectFitVersion('device/device-status', apiVersion, lookup, ['issuedCertificateChain']);
    },
  );

  test.each([
    ['null', null],
    ['classic', 'classic'],
    ['mqttV5', 'mqttV5'],
  ] as const)(
    'returns a `connectionProfile` only under 2026-11-02-preview, with the value of the switch `connectionProfile`: %s',
    async (option, value) => {
      const at = await openWith({ connectionProfile: option });
      const { state, lookup } = await course(at, 'https', apiVersion);
      const isIssued = words(apiVersion).includes('issuedCertificateChain');
      expectFitVersion(`device/device-assigned-${isIssued ? 'issued' : 'symmetric-key'}`, apiVersion, state);
      expectFitVersion('device/device-status', apiVersion, lookup, ['issuedCertificateChain']);
      const expected = apiVersion === '2026-11-02-preview' ? value : undefined;
      expect((state['registrationState'] as Json)['connectionProfile']).toBe(expected);
      expect(lookup['connectionProfile']).toBe(expected);
    },
  );

  test('refuses a signing request in a status lookup if the version supports signing requests', async () => {
    await course(open, 'https', apiVersion);
    const found = await lookUp(open.cloud, 'dev', withCsr(apiVersion));
    const knowsCsr = words(apiVersion).includes('csr');
    expect([found.status, found.body?.['errorCode']]).toEqual(knowsCsr ? [400, 400007] : [200, undefined]);
  });

  test('also returns the error code of a refusal in the header x-ms-error-code', async () => {
    const shown = { token: dpsToken(keys.primaryKey, 'unknown'), apiVersion };
    for (const answer of [await register(open.cloud, 'unknown', shown), await lookUp(open.cloud, 'unknown', shown)]) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expectFit('device/device-error', answer.body);
      expect(answer.headers['x-ms-error-code']).toBe(String(answer.body?.['errorCode']));
    }
  });
});

const kinds = [
  ['individual enrollment', '/enrollments', 'dev', 'registrationId'],
  ['enrollment group', '/enrollmentGroups', 'line', 'enrollmentGroupId'],
] as const;

/** Sends a PUT of an enrollment with symmetric keys. It creates the enrollment, or replaces it if `isUpdate` is true. */
function put(
  at: OpenCloud,
  path: string,
  id: string,
  terms: object,
  apiVersion: string,
  isUpdate = false,
): Promise<RawAnswer> {
  const [, , , idWord] = kinds.find((kind) => kind[1] === path) ?? kinds[0];
  const symmetricKey = {
    primaryKey: keys.primaryKey.toString('base64'),
    secondaryKey: keys.secondaryKey.toString('base64'),
  };
  return askService(at, 'PUT', `${path}/${id}`, {
    body: { [idWord]: id, attestation: { type: 'symmetricKey', symmetricKey }, ...terms },
    apiVersion,
    headers: isUpdate ? { 'If-Match': '*' } : {},
  });
}

const namesIn = (body: object): readonly string[] =>
  Object.keys(body)
    .filter((word) => word in allNames)
    .toSorted();

describe.each(Object.keys(wordsOfVersion))('the service API under %s', (apiVersion) => {
  const known = [...enrollmentWordsOf(apiVersion)].toSorted();

  test.each(kinds)('returns in an %s exactly the fields that this API version defines', async (name, path, id) => {
    const schema = `service/${name.replace(' ', '-')}`;
    const got = await askService(open, 'GET', `${path}/${id}`, { apiVersion });
    expect(got.status).toBe(200);
    expectFitVersion(schema, apiVersion, got.body);
    expect(namesIn(got.body ?? {})).toEqual(known);
    const listed = await askService(open, 'POST', `${path}/query`, { apiVersion, body: { query: '*' } });
    const items = JSON.parse(listed.text) as object[];
    expectFitVersion(`${schema}s`, apiVersion, items);
    expect(items.map(namesIn)).toEqual([known]);
  });

  test.each(kinds)('stores from an %s only the fields that this API version defines', async (name, path) => {
    const at = await openWith();
    const made = await put(at, path, 'new', allNames, apiVersion);
    expect(made.status).toBe(200);
    expectFitVersion(`service/${name.replace(' ', '-')}-put`, apiVersion, made.body);
    const { operator } = at.cloud;
    const stored = path === '/enrollments' ? operator.enrollment('new') : operator.enrollmentGroup('new');
    expect(namesIn(stored ?? {})).toEqual(known);
  });

  test('stores from a bulk operation only the fields that this API version defines', async () => {
    const at = await openWith();
    const enrollments = [{ registrationId: 'new', attestation: { type: 'symmetricKey' }, ...allNames }];
    const answer = await askService(at, 'POST', '/enrollments', { apiVersion, body: { mode: 'create', enrollments } });
    expect(answer.body).toMatchObject({ isSuccessful: true });
    expect(namesIn(at.cloud.operator.enrollment('new') ?? {})).toEqual(known);
  });

  test('returns registrations without `issuedCertificateChain` and `connectionProfile`', async () => {
    const at = await openWith({ connectionProfile: 'mqttV5' });
    await course(at, 'https', '2026-11-02-preview');
    const got = await askService(at, 'GET', '/registrations/dev', { apiVersion });
    expectFit('service/device-registration-state', got.body);
    const enrollment = await askService(at, 'GET', '/enrollments/dev', { apiVersion });
    expectFitVersion('service/individual-enrollment', apiVersion, enrollment.body);
    expect(enrollment.body?.['registrationState']).toEqual(got.body);
  });

  test.each(kinds)('keeps the fields of other API versions when it updates an %s', async (_name, path, id) => {
    const at = await openWith();
    expect((await put(at, path, id, {}, apiVersion, true)).status).toBe(200);
    const { operator } = at.cloud;
    const stored = path === '/enrollments' ? operator.enrollment(id) : operator.enrollmentGroup(id);
    expect(namesIn(stored ?? {})).toEqual(
      Object.keys(allNames)
        .toSorted()
        .filter((word) => !known.includes(word)),
    );
    const dropping = await openWith({ newerWordsInOlderVersion: 'drop' });
    expect((await put(dropping, path, id, {}, apiVersion, true)).status).toBe(200);
    const other = path === '/enrollments' ? 'enrollment' : 'enrollmentGroup';
    expect(namesIn(dropping.cloud.operator[other](id) ?? {})).toEqual([]);
  });
});

test.each(['2026-07-01-preview', '2026-11-15-preview', '2026-11-02', '2026-11-01-preview'])(
  'the device API and the service API refuse the API version %s',
  async (apiVersion) => {
    const device = await register(open.cloud, 'dev', withCsr(apiVersion));
    const service = await askService(open, 'GET', '/enrollments/dev', { apiVersion });
    expect([device.body?.['errorCode'], service.body?.['errorCode']]).toEqual([400005, 400005]);
  },
);

describe('the fields that name a certificate policy', () => {
  test.each<[string, unknown]>([
    ['namespaceName', 'ab'],
    ['namespaceName', 'a'.repeat(65)],
    ['namespaceName', 'Upper'],
    ['namespaceName', '-abc'],
    ['namespaceName', 'abc-'],
    ['namespaceName', 7],
    ['certificateAuthorityName', 'ab'],
    ['certificateAuthorityName', 'a'.repeat(64)],
    ['certificateAuthorityName', 'my_ca'],
    ['certificatePolicyName', ''],
    ['certificatePolicyName', '-policy'],
    ['certificatePolicyName', 'policy\n'],
  ])('are checked only under API versions that have these fields (invalid: %s %j)', async (word, value) => {
    for (const [, path] of kinds) {
      const refused = await put(open, path, 'named', { [word]: value }, '2026-11-01');
      expect([refused.status, refused.body?.['errorCode']]).toEqual([400, 400004]);
      expect(refused.body?.['message']).toContain(word);
      expect((await put(open, path, 'named', { [word]: value }, '2026-04-01')).status).toBe(200);
      await askService(open, 'DELETE', `${path}/named`);
    }
  });

  test.each<[string, string]>([
    ['namespaceName', 'abc'],
    ['namespaceName', `0${'-'.repeat(62)}9`],
    ['certificateAuthorityName', 'a--'],
    ['certificatePolicyName', '9'.repeat(63)],
  ])('may have these values: %s %s', async (word, value) => {
    const made = await put(open, '/enrollments', 'named', { [word]: value }, '2026-11-02-preview');
    expect([made.status, made.body?.[word]]).toEqual([200, value]);
    await askService(open, 'DELETE', '/enrollments/named');
  });

  test('may be incomplete by default, but not if `partialCertificatePolicy` is `refuse`', async () => {
    const strict = await openWith({ partialCertificatePolicy: 'refuse' });
    const { namespaceName, certificateAuthorityName, certificatePolicyName } = allNames;
    for (const part of [
      { namespaceName },
      { certificatePolicyName, namespaceName },
      { certificateAuthorityName, certificatePolicyName },
    ]) {
      expect((await put(open, '/enrollmentGroups', 'part', part, '2026-11-01')).status).toBe(200);
      const refused = await put(strict, '/enrollmentGroups', 'part', part, '2026-11-01');
      expect([refused.status, refused.body?.['errorCode']]).toEqual([400, 400004]);
      expect(refused.body?.['message']).toContain('expected all of namespaceName');
      expect((await put(strict, '/enrollmentGroups', 'part', part, '2021-10-01')).status).toBe(200);
      await askService(strict, 'DELETE', '/enrollmentGroups/part');
      await askService(open, 'DELETE', '/enrollmentGroups/part');
    }
    expect((await put(strict, '/enrollmentGroups', 'part', allNames, '2026-11-01')).status).toBe(200);
    expect((await put(strict, '/enrollmentGroups', 'part', {}, '2026-11-01', true)).status).toBe(200);
  });
});

describe('a group that was created under API version 2026-11-01', () => {
  /** Creates a group with these properties, and registers a device of the group with a signing request. */
  async function registerMember(terms: object, apiVersion = '2026-11-01'): Promise<[RawAnswer, OpenCloud]> {
    const at = await openWith();
    expect((await put(at, '/enrollmentGroups', 'new', terms, '2026-11-01')).status).toBe(200);
    const token = dpsToken(derivedKey(keys.primaryKey, 'member'), 'member');
    at.cloud.operator.deleteEnrollmentGroup('line');
    const request = await makeRequest('/CN=member');
    return [await register(at.cloud, 'member', { token, apiVersion, body: { csr: request.csr } }), at];
  }

  const policyNames = {
    namespaceName: 'contoso-eu',
    certificateAuthorityName: 'LineCa',
    certificatePolicyName: 'weekly',
  };

  test.each(['2025-07-01-preview', '2026-04-01', '2026-11-01', '2026-11-02-preview'])(
    'gets certificates for its devices under API version %s',
    async (apiVersion) => {
      const [accepted, at] = await registerMember(policyNames, apiVersion);
      expect([accepted.status, at.lastVerdict()]).toEqual([202, 'dps passed']);
    },
  );

  test.each<[string, object]>([
    ['only the policy', { certificatePolicyName: 'monthly' }],
    ['the default namespace', { certificatePolicyName: 'monthly', namespaceName: 'rehearsal' }],
    ['the default CA', { certificatePolicyName: 'monthly', certificateAuthorityName: 'monthly' }],
  ])('gets certificates for its devices if the group names %s', async (_name, terms) => {
    const [accepted, at] = await registerMember(terms);
    expect([accepted.status, at.lastVerdict()]).toEqual([202, 'dps passed']);
  });

  test.each<[string, object]>([
    ['another namespace', { ...policyNames, namespaceName: 'rehearsal' }],
    ['another CA', { ...policyNames, certificateAuthorityName: 'weekly' }],
    ['an unknown policy', { ...policyNames, certificatePolicyName: 'yearly' }],
    ['an unknown policy alone', { certificatePolicyName: 'yearly' }],
    ['no policy', { namespaceName: 'contoso-eu', certificateAuthorityName: 'LineCa' }],
  ])('gets no certificates for its devices if the group names %s', async (_name, terms) => {
    const [refused, at] = await registerMember(terms);
    expect([refused.status, refused.body?.['errorCode']]).toEqual([400, 400009]);
    expect(at.lastVerdict()).toBe('dps credential-policy-known');
  });

  test('with a namespace that has no such policy leads to a failed check, which contains the expected and the found policy', async () => {
    const [, at] = await registerMember({ ...policyNames, namespaceName: 'other' });
    const check = at
      .decisions()
      .at(-1)
      ?.checks.find((each) => each.check === 'credential-policy-known');
    expect(check).toMatchObject({
      expected: 'namespace rehearsal, CA monthly, policy monthly or namespace contoso-eu, CA LineCa, policy weekly',
      found: 'namespace other, CA LineCa, policy weekly',
    });
  });
});
