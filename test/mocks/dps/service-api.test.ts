import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { globalEndpoint } from '../../../core/wire/dps-wire.ts';
import { mint, shows } from '../clients/certificates.ts';
import { derivedKey, dpsToken } from '../clients/credentials.ts';
import { poll, register } from '../clients/device-wire.ts';
import { expectFit } from '../clients/fit-schema.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { ask, type RawAnswer } from '../clients/raw-https.ts';
import { askService, policyToken, type ServiceCall } from '../clients/service-wire.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

let open: OpenCloud;
const opened: OpenCloud[] = [];

async function cloudWith(fidelity: Partial<FidelitySettings> = {}): Promise<OpenCloud> {
  const one = await openCloud({ fidelity: { ...defaultFidelity, ...fidelity }, assignmentMs: 0 });
  opened.push(one);
  return one;
}

beforeEach(async () => {
  open = await cloudWith();
});
afterAll(async () => {
  await Promise.all(opened.map(({ cloud }) => cloud.close()));
});

const call = (method: string, path: string, given?: ServiceCall): Promise<RawAnswer> =>
  askService(open, method, path, given);
const put = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  call('PUT', path, { body, headers });

const keyed = (registrationId: string, more: object = {}) => ({
  registrationId,
  attestation: { type: 'symmetricKey' },
  ...more,
});
const keyedGroup = (enrollmentGroupId: string, more: object = {}) => ({
  enrollmentGroupId,
  attestation: { type: 'symmetricKey' },
  ...more,
});

function codeOf(operator: CloudOperator, ca: string): string {
  const code = operator.createVerificationCode(ca);
  if (!code.ok) throw new Error(code.failure.sentence);
  return code.value;
}

function expectRefusal(answer: RawAnswer, status: number, errorCode: number): void {
  expect([answer.status, answer.body?.['errorCode']]).toEqual([status, errorCode]);
  expectFit('service/service-error', answer.body);
  expect(answer.headers['x-ms-error-code']).toBe(String(errorCode));
  expect(answer.body?.['trackingId']).toBe(answer.headers['x-ms-request-id']);
}

const at = (body: unknown, ...path: readonly string[]): unknown =>
  path.reduce((value, word) => (value as Record<string, unknown> | undefined)?.[word], body);
const listOf = (answer: RawAnswer): Record<string, unknown>[] => JSON.parse(answer.text) as Record<string, unknown>[];

describe('an individual enrollment', () => {
  test('is created, read without keys, and deleted', async () => {
    const made = await put('/enrollments/dev-1', keyed('dev-1', { deviceId: 'Kitchen' }));
    expect(made.status).toBe(200);
    expectFit('service/individual-enrollment-put', made.body);
    expect(Buffer.from(String(at(made.body, 'attestation', 'symmetricKey', 'primaryKey')), 'base64')).toHaveLength(64);
    expect(made.body).toMatchObject({
      registrationId: 'dev-1',
      deviceId: 'Kitchen',
      provisioningStatus: 'enabled',
      createdDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
      capabilities: { iotEdge: false },
    });

    const got = await call('GET', '/Enrollments/DEV-1');
    expect(got.status).toBe(200);
    expectFit('service/individual-enrollment', got.body);
    expect(at(got.body, 'attestation')).toEqual({ type: 'symmetricKey', symmetricKey: {} });
    expect(got.body?.['etag']).toBe(made.body?.['etag']);

    const gone = await call('DELETE', '/enrollments/dev-1');
    expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([204, '', undefined]);
    expectRefusal(await call('GET', '/enrollments/dev-1'), 404, 404201);
    expectRefusal(await call('DELETE', '/enrollments/dev-1'), 404, 404201);
  });

  test('keeps every field of the request', async () => {
    const terms = {
      optionalDeviceInformation: { line: 7 },
      capabilities: { iotEdge: true },
      initialTwin: { tags: { site: 'Oslo' }, properties: { desired: { interval: 5 } } },
      provisioningStatus: 'disabled',
      reprovisionPolicy: { updateHubAssignment: false, migrateDeviceData: true },
      allocationPolicy: 'custom',
      iotHubs: [...hubs],
      customAllocationDefinition: { webhookUrl: 'https://example.com/allocate', apiVersion: '2021-10-01' },
    };
    expect((await put('/enrollments/dev-1', keyed('dev-1', terms))).status).toBe(200);
    const got = await call('GET', '/enrollments/dev-1');
    expectFit('service/individual-enrollment', got.body);
    expect(got.body).toMatchObject(terms);
    expect(open.cloud.operator.enrollment('dev-1')).toMatchObject({
      iotEdge: true,
      customAllocation: terms.customAllocationDefinition,
      hubs: terms.iotHubs,
    });
  });

  test('changes only for a client that sends the current ETag', async () => {
    const made = await put('/enrollments/dev-1', keyed('dev-1'));
    const etag = String(made.body?.['etag']);
    expectRefusal(await put('/enrollments/dev-1', keyed('dev-1')), 409, 409201);
    expect(open.lastVerdict()).toBe('dps resource-absent');
    expectRefusal(await put('/enrollments/dev-1', keyed('dev-1'), { 'If-Match': 'other' }), 412, 412001);
    expect(open.lastVerdict()).toBe('dps etag-matches');
    expectRefusal(await put('/enrollments/new', keyed('new'), { 'If-Match': etag }), 412, 412001);

    open.clock.set(noon + 60_000);
    const changed = await put('/enrollments/dev-1', keyed('dev-1', { deviceId: 'Hall' }), { 'If-Match': etag });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      createdDateTimeUtc: '2026-01-05T12:00:00.0000000Z',
      lastUpdatedDateTimeUtc: '2026-01-05T12:01:00.0000000Z',
    });
    expect(changed.body?.['etag']).not.toBe(etag);
    expect(at(changed.body, 'attestation')).toEqual(at(made.body, 'attestation'));
    expectRefusal(await call('DELETE', '/enrollments/dev-1', { headers: { 'If-Match': etag } }), 412, 412001);
    expect((await put('/enrollments/dev-1', keyed('dev-1'), { 'If-Match': '*' })).status).toBe(200);
    expect((await call('DELETE', '/enrollments/dev-1', { headers: { 'If-Match': '*' } })).status).toBe(204);
  });

  test('gets new keys in place of omitted keys if `putWithoutETag` is `replace` and `omittedKeys` is `renew`', async () => {
    open = await cloudWith({ putWithoutETag: 'replace', omittedKeys: 'renew' });
    const one = await put('/enrollments/dev-1', keyed('dev-1'));
    const two = await put('/enrollments/dev-1', keyed('dev-1'));
    expect(two.status).toBe(200);
    expect(at(two.body, 'attestation')).not.toEqual(at(one.body, 'attestation'));
  });

  test('stores the keys that its owner sets; its device can register with them, and `GET` then returns the registration', async () => {
    const [primary, secondary] = [randomBytes(16), randomBytes(64)];
    const symmetricKey = { primaryKey: primary.toString('base64'), secondaryKey: secondary.toString('base64') };
    await put('/enrollments/dev-1', keyed('dev-1', { attestation: { type: 'symmetricKey', symmetricKey } }));
    const mechanism = await call('POST', '/enrollments/dev-1/attestationmechanism', {
      headers: { 'Content-Type': null },
    });
    expectFit('service/attestation-mechanism', mechanism.body);
    expect(mechanism.body).toEqual({ type: 'symmetricKey', symmetricKey });

    const token = dpsToken(secondary, 'dev-1');
    const accepted = await register(open.cloud, 'dev-1', { token });
    expect((await poll(open.cloud, 'dev-1', accepted.body?.['operationId'], { token })).status).toBe(200);
    const got = await call('GET', '/enrollments/dev-1');
    expectFit('service/individual-enrollment', got.body);
    expect(at(got.body, 'registrationState')).toMatchObject({ status: 'assigned', substatus: 'initialAssignment' });
    const [listed] = listOf(await call('POST', '/enrollments/query', { body: { query: '*' } }));
    expect(listed).not.toHaveProperty('registrationState');

    const state = await call('GET', '/registrations/dev-1');
    expectFit('service/device-registration-state', state.body);
    expect(state.body).toEqual(at(got.body, 'registrationState'));
    const wrong = await call('DELETE', '/registrations/dev-1', { headers: { 'If-Match': 'other' } });
    expectRefusal(wrong, 412, 412001);
    expect((await call('DELETE', '/registrations/dev-1')).status).toBe(204);
    expectRefusal(await call('GET', '/registrations/dev-1'), 404, 404201);
  });

  test('accepts a certificate as PEM with or without other text, base64 of DER and base64 of PEM, and returns its info', async () => {
    const leaf = await mint('dev-1');
    // Text before the PEM block, as `openssl x509 -text` and `openssl pkcs12` write it, and the byte order mark that some editors write.
    const forms = [
      leaf.pem,
      `Certificate:\n    Data:\n        Version: 3 (0x2)\n${leaf.pem}`,
      `Bag Attributes\n    localKeyID: 01\n\n${leaf.pem}behind it`,
      `\uFEFF${leaf.pem}`,
    ].flatMap((text) => [text, Buffer.from(text).toString('base64')]);
    forms.push(leaf.der.toString('base64'));
    for (const [index, certificate] of forms.entries()) {
      const clientCertificates = { primary: { certificate } };
      const body = keyed('dev-1', { attestation: { type: 'x509', x509: { clientCertificates } } });
      const made = await put('/enrollments/dev-1', body, index === 0 ? {} : { 'If-Match': '*' });
      expect(made.status).toBe(200);
      expectFit('service/individual-enrollment-put', made.body);
      expect(at(made.body, 'attestation', 'x509', 'clientCertificates', 'primary', 'info')).toMatchObject({
        subjectName: 'CN=dev-1',
        issuerName: 'CN=dev-1',
        sha256Thumbprint: leaf.certificate.thumbprintSha256,
        notBeforeUtc: '2025-01-05T12:00:00.0000000Z',
        version: 3,
      });
      // A client can send an enrollment as the service returned it, because `info` identifies the certificate.
      expect((await put('/enrollments/dev-1', made.body, { 'If-Match': '*' })).status).toBe(200);
    }
    expect((await register(open.cloud, 'dev-1', { client: shows(leaf) })).status).toBe(202);
  });

  test('accepts the endorsement key of a TPM, which then gets a challenge', async () => {
    const chip = new SoftTpm();
    const { tpm } = chip.body;
    const made = await put('/enrollments/chip', keyed('chip', { attestation: { type: 'tpm', tpm } }));
    expectFit('service/individual-enrollment-put', made.body);
    expect(at(made.body, 'attestation', 'tpm')).toEqual(tpm);
    expectFit('service/individual-enrollment', (await call('GET', '/enrollments/chip')).body);
    const challenge = await register(open.cloud, 'chip', { body: chip.body });
    expect(chip.unwrap(challenge.body?.['authenticationKey'])).toHaveLength(32);
  });

  test.each<[string, object, string | RegExp]>([
    ['no attestation', { attestation: undefined }, /^attestation/],
    ['attestation none', { attestation: { type: 'none' } }, /^attestation.type/],
    ['a key of 15 bytes', withKey(randomBytes(15).toString('base64')), /16 to 64 bytes, found 15/],
    ['a key of 65 bytes', withKey(randomBytes(65).toString('base64')), /16 to 64 bytes, found 65/],
    ['a key that is not base64', withKey('no key!'), /expected base64/],
    ['a TPM without endorsement key', { attestation: { type: 'tpm' } }, /^Endorsement key is invalid/],
    ['no certificate', { attestation: { type: 'x509', x509: {} } }, /expected a primary certificate/],
    ['a certificate that is none', withCertificate({ certificate: 'AAAA' }), /not a certificate/],
    ['info of an unknown certificate', withCertificate({ info: { sha256Thumbprint: 'AB' } }), /matches no certificate/],
    [
      'caReferences',
      { attestation: { type: 'x509', x509: { caReferences: { primary: 'a' } } } },
      /clientCertificates only/,
    ],
    ['a policy of another name', { allocationPolicy: 'nearest' }, /^allocationPolicy/],
    ['static allocation with two hubs', { allocationPolicy: 'static', iotHubs: [...hubs] }, /needs one hub, found 2/],
    ['a hub that is not linked', { iotHubs: ['far.azure-devices.net'] }, /not linked/],
    ['two words for a hub that differ', { iotHubHostName: hubs[0], iotHubs: [hubs[1]] }, /not among iotHubs/],
    [
      'custom allocation without definition',
      { allocationPolicy: 'custom' },
      "A CustomAllocationDefinition is required when the allocation policy is set to 'Custom'",
    ],
    ['a webhook that is no address', withWebhook('ftp://example.com', '2021-10-01'), /not a webhook URL/],
    ['a webhook of an old version', withWebhook('https://example.com', '2018-04-01'), /2018-09-01-preview or later/],
    ['another ID than the path', { registrationId: 'dev-2' }, /the ID in the path/],
    ['a status of another name', { provisioningStatus: 'off' }, /^provisioningStatus/],
  ])('is refused with %s', async (_name, more, sentence) => {
    const answer = await put('/enrollments/dev-1', keyed('dev-1', more));
    expectRefusal(answer, 400, 400004);
    if (typeof sentence === 'string') expect(answer.body?.['message']).toBe(sentence);
    else expect(answer.body?.['message']).toMatch(sentence);
    expect(open.lastVerdict()).toBe('dps request-well-formed');
    expect(open.cloud.operator.enrollment('dev-1')).toBeUndefined();
  });

  test('with `iotHubHostName` assigns its device to that hub', async () => {
    const made = await put('/enrollments/dev-1', keyed('dev-1', { iotHubHostName: hubs[1].toUpperCase() }));
    expect(made.body).toMatchObject({ allocationPolicy: 'static', iotHubs: [hubs[1]] });
  });
});

function withKey(primaryKey: string): object {
  return { attestation: { type: 'symmetricKey', symmetricKey: { primaryKey } } };
}

function withCertificate(primary: object): object {
  return { attestation: { type: 'x509', x509: { clientCertificates: { primary } } } };
}

function withWebhook(webhookUrl: string, apiVersion: string): object {
  return { allocationPolicy: 'custom', customAllocationDefinition: { webhookUrl, apiVersion } };
}

describe('an enrollment group', () => {
  test('with symmetric keys lets devices register, and its registrations can be read page by page', async () => {
    const made = await put('/enrollmentGroups/line', keyedGroup('line'));
    expect(made.status).toBe(200);
    expectFit('service/enrollment-group-put', made.body);
    expectFit('service/enrollment-group', (await call('GET', '/enrollmentgroups/LINE')).body);
    const mechanism = await call('POST', '/enrollmentgroups/line/attestationmechanism');
    expectFit('service/attestation-mechanism', mechanism.body);
    const key = Buffer.from(String(at(mechanism.body, 'symmetricKey', 'primaryKey')), 'base64');
    for (const id of ['dev-1', 'dev-2', 'dev-3']) {
      await register(open.cloud, id, { token: dpsToken(derivedKey(key, id), id) });
    }
    const headers = { 'x-ms-max-item-count': '2' };
    const first = await call('POST', '/registrations/line/query', { headers, body: { query: '*' } });
    expect(first.headers).toMatchObject({ 'x-ms-item-type': 'deviceRegistration', 'x-ms-max-item-count': '2' });
    expectFit('service/device-registration-states', listOf(first));
    const continuation = String(first.headers['x-ms-continuation']);
    // Registrations stay when their group is deleted.
    expect((await call('DELETE', '/enrollmentGroups/line')).status).toBe(204);
    const second = await call('POST', '/registrations/LINE/query', {
      headers: { ...headers, 'x-ms-continuation': continuation },
    });
    expect(second.headers['x-ms-continuation']).toBeUndefined();
    expect([...listOf(first), ...listOf(second)].map((one) => one['registrationId'])).toEqual([
      'dev-1',
      'dev-2',
      'dev-3',
    ]);
    expect(listOf(await call('POST', '/registrations/other/query'))).toEqual([]);
  });

  test('accepts signing certificates or names of CA certificates, but not both, and refuses client certificates', async () => {
    const [root, next] = [await mint('Root', { ca: {} }), await mint('Next', { ca: {} })];
    const signingCertificates = { primary: { certificate: root.pem }, secondary: { certificate: next.pem } };
    const x509 = (words: object) => keyedGroup('line', { attestation: { type: 'x509', x509: words } });
    const made = await put('/enrollmentGroups/line', x509({ signingCertificates }));
    expectFit('service/enrollment-group-put', made.body);
    const caReferences = { primary: 'root', secondary: 'next' };
    const changed = await put('/enrollmentGroups/line', x509({ caReferences }), {
      'If-Match': String(made.body?.['etag']),
    });
    expectFit('service/enrollment-group-put', changed.body);
    expect(at(changed.body, 'attestation', 'x509')).toEqual({ caReferences });
    for (const wrong of [
      { caReferences, signingCertificates },
      { clientCertificates: signingCertificates },
      { caReferences: {} },
    ]) {
      expectRefusal(await put('/enrollmentGroups/other', x509(wrong)), 400, 400004);
    }
    expectRefusal(
      await put('/enrollmentGroups/other', keyedGroup('other', { attestation: { type: 'tpm' } })),
      400,
      400004,
    );
  });

  test('is refused if a hundred groups of its attestation type exist', async () => {
    for (let index = 0; index < 100; index++) {
      expect((await put(`/enrollmentGroups/g${index}`, keyedGroup(`g${index}`))).status).toBe(200);
    }
    const more = await put('/enrollmentGroups/one-more', keyedGroup('one-more'));
    expectRefusal(more, 400, 400004);
    expect(more.body?.['message']).toContain('up to 100 symmetric-key');
    expect((await put('/enrollmentGroups/g7', keyedGroup('g7'), { 'If-Match': '*' })).status).toBe(200);
    const x509 = { type: 'x509', x509: { caReferences: { primary: 'root' } } };
    expect((await put('/enrollmentGroups/by-ca', keyedGroup('by-ca', { attestation: x509 }))).status).toBe(200);
  });
});

describe('a query', () => {
  const query = (headers: Record<string, string> = {}, body: unknown = { query: 'SELECT * FROM enrollments' }) =>
    call('POST', '/enrollments/query', { headers, body });

  test('returns all enrollments even if clients add and delete enrollments between pages', async () => {
    for (const id of ['c', 'a', 'e', 'b', 'd']) await put(`/enrollments/${id}`, keyed(id));
    const first = await query({ 'x-ms-max-item-count': '2' });
    expectFit('service/individual-enrollments', listOf(first));
    expect(first.headers['x-ms-item-type']).toBe('enrollment');
    await call('DELETE', '/enrollments/b');
    await put('/enrollments/aa', keyed('aa'));
    const second = await query({ 'x-ms-continuation': String(first.headers['x-ms-continuation']) });
    const ids = [...listOf(first), ...listOf(second)].map((one) => one['registrationId']);
    expect(ids).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(second.headers['x-ms-continuation']).toBeUndefined();
    expect(second.headers['x-ms-max-item-count']).toBeUndefined();
  });

  test('lists groups', async () => {
    await put('/enrollmentGroups/line', keyedGroup('line'));
    const page = await call('POST', '/enrollmentGroups/query', { body: { query: '*' } });
    expectFit('service/enrollment-groups', listOf(page));
    expect([page.headers['x-ms-item-type'], listOf(page).length]).toEqual(['enrollmentGroup', 1]);
  });

  test.each<[string, Record<string, string>, unknown]>([
    ['a page of none', { 'x-ms-max-item-count': '0' }, { query: '*' }],
    ['a page of many', { 'x-ms-max-item-count': 'many' }, { query: '*' }],
    ['a token that is none', { 'x-ms-continuation': 'xyz' }, { query: '*' }],
    ['a condition', {}, { query: 'SELECT * FROM enrollments WHERE x = 1' }],
    ['no query', {}, {}],
  ])('with %s is refused', async (_name, headers, body) => {
    expectRefusal(await query(headers, body), 400, 400004);
  });
});

describe('a bulk operation', () => {
  const bulk = (mode: string, enrollments: readonly object[], path = '/enrollments/') =>
    call('POST', path, { body: { mode, enrollments } });

  test('applies each entry separately and reports the error of each failed entry', async () => {
    const created = await bulk('create', [keyed('a'), keyed('b'), keyed('c')]);
    expect([created.status, created.body]).toEqual([200, { isSuccessful: true, errors: [] }]);
    const again = await bulk('create', [keyed('c'), keyed('d'), keyed('no id')], '/enrollments');
    expectFit('service/bulk-enrollments', again.body);
    expect(again.body).toMatchObject({
      isSuccessful: false,
      errors: [
        { registrationId: 'c', errorCode: 409201 },
        { registrationId: 'no id', errorCode: 400004 },
      ],
    });
    expect(open.cloud.operator.enrollment('d')).toBeDefined();

    const updated = await bulk('update', [keyed('a', { deviceId: 'A' }), keyed('z')]);
    expect(updated.body).toMatchObject({ errors: [{ registrationId: 'z', errorCode: 404201 }] });
    expect(open.cloud.operator.enrollment('a')?.deviceId).toBe('A');

    const { etag } = (await call('GET', '/enrollments/b')).body ?? {};
    for (const mode of ['updateIfMatchETag', 'updateIfMatchEtag']) {
      const stale = await bulk(mode, [keyed('a', { etag }), keyed('c')]);
      expect(stale.body).toMatchObject({ errors: [{ errorCode: 412001 }, { errorCode: 412001 }] });
    }
    expect((await bulk('updateIfMatchETag', [keyed('b', { etag })])).body).toMatchObject({ isSuccessful: true });
    const gone = await bulk('delete', [{ registrationId: 'a' }, { registrationId: 'a' }]);
    expect(gone.body).toMatchObject({ errors: [{ registrationId: 'a', errorCode: 404201 }] });
  });

  test('applies to groups too', async () => {
    const enrollmentGroups = [keyedGroup('one'), keyedGroup('two')];
    await put('/enrollmentGroups/two', keyedGroup('two'));
    const answer = await call('POST', '/enrollmentGroups', { body: { mode: 'create', enrollmentGroups } });
    expectFit('service/bulk-enrollment-groups', answer.body);
    expect(answer.body).toMatchObject({ errors: [{ enrollmentGroupId: 'two', errorCode: 409201 }] });
  });

  test.each<[string, object]>([
    ['eleven', { mode: 'create', enrollments: Array.from({ length: 11 }, (_, index) => keyed(`d${index}`)) }],
    ['none', { mode: 'create', enrollments: [] }],
    ['no list', { mode: 'create' }],
    ['no mode', { enrollments: [keyed('a')] }],
    ['another mode', { mode: 'merge', enrollments: [keyed('a')] }],
  ])('of %s is refused', async (_name, body) => {
    expectRefusal(await call('POST', '/enrollments/', { body }), 400, 400004);
    expect(open.cloud.operator.enrollment('a')).toBeUndefined();
  });
});

describe('a CA certificate', () => {
  const root = '/certificates/root';

  test('is uploaded, verified and deleted, with the ETag of the previous step each time', async () => {
    const ca = await mint('Root', { ca: {} });
    const uploaded = await put(root, { properties: { certificate: ca.der.toString('base64') } });
    expect(uploaded.status).toBe(200);
    expectFit('service/ca-certificate', uploaded.body);
    expect(uploaded.body).toMatchObject({
      id: root,
      properties: { isVerified: false, subject: 'CN=Root', expiry: 'Tue, 05 Jan 2027 12:00:00 GMT' },
    });
    expectRefusal(await call('POST', `${root}/generateVerificationCode`), 400, 400004);
    const etag = String(uploaded.body?.['etag']);
    const coded = await call('POST', `${root}/generateVerificationCode`, { headers: { 'If-Match': etag } });
    expectFit('service/verification-code', coded.body);
    const ifMatch = { 'If-Match': String(coded.body?.['etag']) };
    const code = String(at(coded.body, 'properties', 'verificationCode'));

    const verify = (certificate: string, verb = 'verify') =>
      call('POST', `${root}/${verb}`, { body: { certificate }, headers: ifMatch });
    const elsewhere = await verify((await mint(code, { by: await mint('Root', { ca: {} }) })).pem);
    expectRefusal(elsewhere, 400, 400004);
    expect(open.lastVerdict()).toBe('dps proof-signature-matches');
    expectRefusal(await verify((await mint('other', { by: ca })).pem), 400, 400004);
    expect(open.lastVerdict()).toBe('dps proof-code-matches');
    const proof = (await mint(code, { by: ca })).der.toString('base64');
    expectRefusal(
      await call('POST', `${root}/verify`, { body: { certificate: proof }, headers: { 'If-Match': etag } }),
      412,
      412001,
    );

    const verified = await verify(proof, 'verifyCertificate');
    expectFit('service/ca-certificate', verified.body);
    expect(at(verified.body, 'properties', 'isVerified')).toBe(true);
    expectFit('service/ca-certificates', (await call('GET', '/certificates')).body);
    const last = { 'If-Match': String(verified.body?.['etag']) };
    expectRefusal(await call('DELETE', root), 400, 400004);
    expect((await call('DELETE', root, { headers: last })).status).toBe(204);
    expectRefusal(await call('GET', root), 404, 404203);
  });

  test('is also found under the long path of Azure Resource Manager', async () => {
    const ca = await mint('Root', { ca: {} });
    const parent =
      '/subscriptions/91d12660-3dec-467a-be2a-213b5544ddc0/resourceGroups/lab/providers/Microsoft.Devices/provisioningServices/dps/certificates';
    const apiVersion = '2022-12-12';
    const token = policyToken(open.cloud.serviceAccess.key, 'provisioningserviceowner', 'management.azure.com');
    const manager = { apiVersion, host: 'management.azure.com', token };
    const made = await call('PUT', `${parent}/root`, { ...manager, body: { certificate: ca.pem, isVerified: true } });
    expect([made.status, made.body?.['id'], at(made.body, 'properties', 'isVerified')]).toEqual([
      200,
      `${parent}/root`,
      true,
    ]);
    expect(at((await call('GET', parent, manager)).body, 'value')).toHaveLength(1);
    expectRefusal(await call('GET', parent.replace('/providers/', '/suppliers/'), manager), 404, 404001);
  });

  test('must belong to a CA and is not overwritten without an ETag; DPS accepts at most 25', async () => {
    const ca = await mint('Root', { ca: {} });
    const body = { properties: { certificate: ca.pem } };
    expectRefusal(await put(root, { properties: { certificate: (await mint('leaf')).pem } }), 400, 400004);
    expect(open.lastVerdict()).toBe('dps ca-certificate-valid');
    for (let index = 0; index < 25; index++) expect((await put(`/certificates/ca${index}`, body)).status).toBe(200);
    const more = await put(root, body);
    expectRefusal(more, 400, 400004);
    expect(more.body?.['message']).toContain('up to 25');
    expectRefusal(await put('/certificates/ca3', body), 409, 409202);
    expect((await put('/certificates/ca3', body, { 'If-Match': '*' })).status).toBe(200);
  });

  test('is not verified with an expired code, if `verificationCodeLife` limits the lifetime of a code', async () => {
    open = await cloudWith({ verificationCodeLife: 'P7D' });
    const { operator } = open.cloud;
    const ca = await mint('Root', { ca: {} });
    expect(operator.uploadCaCertificate('root', ca.der, false)).toMatchObject({ ok: true });
    const proof = (await mint(codeOf(operator, 'root'), { by: ca })).der;
    open.clock.set(noon + 8 * 24 * 3600 * 1000);
    expect(operator.verifyCaCertificate('root', proof)).toMatchObject({
      failure: { sentence: expect.stringContaining('verification code') as unknown },
    });
    open.clock.set(noon + 6 * 24 * 3600 * 1000);
    expect(operator.verifyCaCertificate('root', proof)).toMatchObject({ ok: true });
    expect(operator.verifyCaCertificate('root', proof)).toMatchObject({
      failure: { sentence: expect.stringContaining('verification code') as unknown },
    });
    expect(operator.verifyCaCertificate('other', proof)).toMatchObject({
      failure: { sentence: 'Certificate not found.' },
    });
    expect(operator.createVerificationCode('other')).toMatchObject({ ok: false });
  });

  test('authenticates the devices of a group that refers to it, while it exists and is verified', async () => {
    const { operator } = open.cloud;
    const ca = await mint('Root', { ca: {} });
    const client = shows(await mint('dev-1', { by: ca }));
    const attestation = { type: 'x509', x509: { caReferences: { primary: 'gone', secondary: 'root' } } };
    await put('/enrollmentGroups/line', keyedGroup('line', { attestation }));
    const enter = async () => (await register(open.cloud, 'dev-1', { client })).body?.['message'];
    expect([await enter(), open.lastVerdict()]).toEqual(['CA certificate not found.', 'dps ca-held']);
    operator.uploadCaCertificate('root', ca.der, false);
    expect([await enter(), open.lastVerdict()]).toEqual(['CA certificate not found.', 'dps ca-verified']);
    operator.verifyCaCertificate('root', (await mint(codeOf(operator, 'root'), { by: ca })).der);
    expect([await enter(), open.lastVerdict()]).toEqual([undefined, 'dps passed']);
    expect(operator.deleteCaCertificate('root')).toMatchObject({ ok: true });
    expect([await enter(), open.lastVerdict()]).toEqual(['CA certificate not found.', 'dps ca-held']);
  });

  test('must be above the signing certificates of a group, if `groupNeedsVerifiedRoot` is `yes`', async () => {
    open = await cloudWith({ groupNeedsVerifiedRoot: 'yes' });
    const { operator } = open.cloud;
    const ca = await mint('Root', { ca: {} });
    const intermediate = await mint('Line', { ca: {}, by: ca });
    const client = shows(await mint('dev-1', { by: intermediate }), intermediate);
    const x509 = { signingCertificates: { primary: { certificate: intermediate.pem } } };
    await put('/enrollmentGroups/line', keyedGroup('line', { attestation: { type: 'x509', x509 } }));
    operator.uploadCaCertificate('root', ca.der, false);
    expect((await register(open.cloud, 'dev-1', { client })).body).toMatchObject({ errorCode: 401002 });
    expect(open.lastVerdict()).toBe('dps ca-verified');
    operator.deleteCaCertificate('root');
    operator.uploadCaCertificate('root', ca.der, true);
    expect((await register(open.cloud, 'dev-1', { client })).status).toBe(202);
  });
});

describe('a shared access policy', () => {
  const rights = [
    ['EnrollmentRead', 'GET', '/enrollments/dev-1', undefined],
    ['EnrollmentRead', 'POST', '/enrollments/query', { query: '*' }],
    ['EnrollmentRead', 'POST', '/enrollments/dev-1/attestationmechanism', undefined],
    ['EnrollmentWrite', 'PUT', '/enrollments/dev-1', keyed('dev-1')],
    ['EnrollmentWrite', 'DELETE', '/enrollments/dev-1', undefined],
    ['EnrollmentWrite', 'POST', '/enrollments/', { mode: 'delete', enrollments: [keyed('dev-1')] }],
    ['RegistrationStatusRead', 'GET', '/registrations/dev-1', undefined],
    ['RegistrationStatusRead', 'POST', '/registrations/line/query', undefined],
    ['RegistrationStatusWrite', 'DELETE', '/registrations/dev-1', undefined],
    ['ServiceConfig', 'GET', '/certificates', undefined],
  ] as const;
  const all = [
    'ServiceConfig',
    'EnrollmentRead',
    'EnrollmentWrite',
    'RegistrationStatusRead',
    'RegistrationStatusWrite',
  ] as const;

  test.each(rights)('needs the right %s for the request %s %s', async (right, method, path, body) => {
    const { cloud } = open;
    const { host } = cloud.serviceAccess;
    const others = policyToken(
      cloud.operator.putAccessPolicy(
        'others',
        all.filter((one) => one !== right),
      ),
      'others',
      host,
    );
    expectRefusal(await call(method, path, { token: others, body }), 401, 401003);
    expect(open.lastVerdict()).toBe('dps policy-grants-right');
    const only = policyToken(cloud.operator.putAccessPolicy('only', [right]), 'only', host);
    expect([200, 204, 404]).toContain((await call(method, path, { token: only, body })).status);
  });

  test('without the required right gets the status that `missingRight` selects', async () => {
    open = await cloudWith({ missingRight: '403', attestationMechanismRight: 'EnrollmentWrite' });
    const { operator, serviceAccess } = open.cloud;
    const token = policyToken(operator.putAccessPolicy('reader', ['EnrollmentRead']), 'reader', serviceAccess.host);
    expectRefusal(await call('POST', '/enrollments/dev-1/attestationmechanism', { token }), 403, 403001);
  });

  test.each<[string, (key: Buffer, host: string) => string | null, string]>([
    ['no token', () => null, 'policy-token-well-formed'],
    ['no readable token', () => 'Bearer abc', 'policy-token-well-formed'],
    [
      'a token without policy',
      (key, host) => policyToken(key, 'x', host).replace('&skn=x', ''),
      'policy-token-well-formed',
    ],
    ['an unknown policy', (key, host) => policyToken(key, 'nobody', host), 'policy-known'],
    ['a name of every object', (key, host) => policyToken(key, 'constructor', host), 'policy-known'],
    ['another key', (_key, host) => policyToken(randomBytes(32), owner, host), 'policy-token-signature-matches'],
    ['a token that ran out', (key, host) => policyToken(key, owner, host, noon / 1000 - 301), 'policy-token-fresh'],
    ['a token for another host', (key) => policyToken(key, owner, 'other.azure-devices-provisioning.net'), audience],
    ['a token for part of a word', (key, host) => policyToken(key, owner, `${host}/enroll`), audience],
    ['a token for another path', (key, host) => policyToken(key, owner, `${host}/enrollmentGroups`), audience],
    ['a token for more than the path', (key, host) => policyToken(key, owner, `${host}/enrollments/a/b`), audience],
    ['a broken escape', (key) => policyToken(key, owner, '').replace('sr=', 'sr=%zz'), audience],
  ])('gives no access without a valid token: %s', async (_name, tokenOf, check) => {
    const { key, host } = open.cloud.serviceAccess;
    expectRefusal(await call('GET', '/enrollments/a', { token: tokenOf(key, host) }), 401, 401000);
    expect(open.lastVerdict()).toBe(`dps ${check}`);
  });

  test.each(['', '/', '/enrollments', '/Enrollments/A', '/enrollments/a/'])(
    'gives access by a token for the path "%s" of the host; upper and lower case are equal',
    async (below) => {
      const { key, host } = open.cloud.serviceAccess;
      const answer = await call('GET', '/enrollments/a', {
        token: policyToken(key, owner, host.toUpperCase() + below),
      });
      expectRefusal(answer, 404, 404201);
    },
  );
});

const owner = 'provisioningserviceowner';
const audience = 'policy-token-audience-matches';

describe('a request to the service API', () => {
  test.each<[string, string, string, ServiceCall, number, number]>([
    ['of another version', 'GET', '/enrollments/a', { apiVersion: '2016-01-01' }, 400, 400005],
    [
      'of another type',
      'PUT',
      '/enrollments/a',
      { text: '<a/>', headers: { 'Content-Type': 'text/xml' } },
      415,
      415001,
    ],
    ['of broken JSON', 'PUT', '/enrollments/a', { text: '{"registrationId":' }, 400, 400003],
    ['without a body', 'PUT', '/enrollments/a', {}, 400, 400003],
    ['of 97 KB', 'PUT', '/enrollments/a', { text: `"${'x'.repeat(97 * 1024)}"` }, 413, 413001],
    ['without an ID', 'GET', '/enrollments', {}, 405, 405001],
    ['with PATCH', 'PATCH', '/enrollments/a', { body: {} }, 405, 405001],
    ['with PUT on a query of registrations', 'PUT', '/registrations/g/query', {}, 405, 405001],
    ['with GET on an attestation mechanism', 'GET', '/enrollments/a/attestationmechanism', {}, 405, 405001],
    ['for something below', 'GET', '/enrollments/a/keys', {}, 404, 404001],
    ['for something further below', 'GET', '/enrollments/a/attestationmechanism/x', {}, 404, 404001],
    ['for no registration', 'GET', '/registrations/', {}, 404, 404001],
    ['for something below a certificate', 'POST', '/certificates/a/burn', {}, 404, 404001],
    ['for a subscription', 'GET', '/subscriptions/x', {}, 404, 404001],
  ])('%s is refused: %s %s', async (_name, method, path, given, status, errorCode) => {
    expectRefusal(await call(method, path, given), status, errorCode);
  });

  test('above the rate limit gets 429 until the minute is over', async () => {
    open = await openCloud({ quotas: { operationsPerMinute: 2 } });
    opened.push(open);
    for (const id of ['a', 'b']) expectRefusal(await call('GET', `/enrollments/${id}`), 404, 404201);
    const much = await call('GET', '/enrollments/c');
    expectRefusal(much, 429, 429001);
    expect([much.headers['retry-after'], open.lastVerdict()]).toEqual(['60', 'dps operation-quota-left']);
    open.clock.set(noon + 60_000);
    expectRefusal(await call('GET', '/enrollments/c'), 404, 404201);
  });

  test('is not served at the global endpoint, which serves devices only', async () => {
    const answer = await ask(open.cloud, {
      path: '/enrollments/a?api-version=2021-10-01',
      headers: { Host: globalEndpoint },
    });
    expect(answer.status).toBe(404);
  });

  test('is recorded without keys', async () => {
    const made = await put('/enrollments/dev-1', keyed('dev-1'));
    await call('POST', '/enrollments/dev-1/attestationmechanism');
    const record = JSON.stringify(open.history.events());
    expect(record).not.toContain(String(at(made.body, 'attestation', 'symmetricKey', 'primaryKey')));
    expect(record).toContain('PUT /enrollments/dev-1?api-version=2021-10-01 → 200 (with keys)');
  });
});

describe('any input at the service API', () => {
  const crashes: unknown[] = [];
  const crashed = (reason: unknown): void => void crashes.push(reason);
  beforeAll(() => void process.on('unhandledRejection', crashed).on('uncaughtExceptionMonitor', crashed));
  afterAll(() => {
    process.off('unhandledRejection', crashed).off('uncaughtExceptionMonitor', crashed);
    expect(crashes).toEqual([]);
  });
  const bounds = { seed: 20261125, numRuns: 150 };
  const word = fc.constantFrom(
    'enrollments',
    'enrollmentGroups',
    'registrations',
    'certificates',
    'query',
    'a',
    '%2F',
    '',
    '..',
    '%00',
  );
  const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE');

  test('as JSON body gets 200 or an error of the service', async () => {
    const json = fc.oneof(
      fc.jsonValue(),
      fc.record({ registrationId: fc.constant('a'), attestation: fc.jsonValue(), iotHubs: fc.jsonValue() }),
      fc.record({ mode: fc.constantFrom('create', 'update', 'delete'), enrollments: fc.array(fc.jsonValue()) }),
      fc.record({
        registrationId: fc.constant('a'),
        attestation: fc.record({
          type: fc.constantFrom('x509', 'tpm', 'symmetricKey'),
          x509: fc.jsonValue(),
          tpm: fc.jsonValue(),
        }),
      }),
      fc.record({ properties: fc.record({ certificate: fc.base64String() }), certificate: fc.string() }),
    );
    const target = fc.constantFrom(
      ['PUT', '/enrollments/a'],
      ['PUT', '/enrollmentGroups/a'],
      ['POST', '/enrollments/'],
      ['POST', '/enrollments/query'],
      ['PUT', '/certificates/a'],
    );
    await fc.assert(
      fc.asyncProperty(target, json, async ([verb = '', path = ''], body) => {
        const answer = await call(verb, path, { body, headers: { 'If-Match': '*' } });
        if (answer.status !== 200) expectFit('service/service-error', answer.body);
        expect(answer.status).toBeLessThan(500);
      }),
      bounds,
    );
  });

  test('as path and headers gets an answer of the service', async () => {
    const header = fc.stringMatching(/^[ -~]{0,40}$/);
    await fc.assert(
      fc.asyncProperty(
        method,
        fc.array(word, { maxLength: 5 }),
        header,
        header,
        header,
        async (verb, words, ...texts) => {
          const [ifMatch, continuation, count] = texts;
          const headers = { 'If-Match': ifMatch, 'x-ms-continuation': continuation, 'x-ms-max-item-count': count };
          const answer = await call(verb, `/${words.join('/')}`, { headers });
          if (answer.status >= 300) expectFit('service/service-error', answer.body);
          expect(answer.status).toBeLessThan(500);
        },
      ),
      bounds,
    );
  });

  test('as a token gets the status 401', async () => {
    const token = fc.oneof(
      fc.stringMatching(/^[ -~]{0,60}$/),
      fc.stringMatching(/^SharedAccessSignature (sr|sig|se|skn)=[!-~]{0,30}&skn=[!-~]{0,9}$/),
    );
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        expect((await call('GET', '/enrollments/a', { token: text })).status).toBe(401);
      }),
      bounds,
    );
  });
});
