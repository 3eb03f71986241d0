import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectFit } from '../clients/fit-schema.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { register } from '../clients/device-wire.ts';
import { noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { RawAnswer } from '../clients/raw-https.ts';
import { askService, type ServiceCall } from '../clients/service-wire.ts';
import { makeRequest } from '../clients/signing-requests.ts';
import { mint, yearMs } from '../clients/certificates.ts';
import { signExternalCa } from '../../../sim/pki/sign-external-ca.ts';

const scope = '/subscriptions/0/resourceGroups/rg/providers/Microsoft.DeviceRegistry/namespaces/plant';
const keys = symmetricKeys();
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0, credentialPolicies: { daily: { validityDays: 1 } } });
});
afterAll(() => open.cloud.close());

const ask = (method: string, path: string, call: ServiceCall = {}): Promise<RawAnswer> =>
  askService(open, method, `${scope}${path}`, { apiVersion: '2026-11-01', ...call });

const root = { properties: { certificateAuthorityType: 'Root', keyType: 'ECC' } };
const ica = (issuer: object) => ({ properties: { certificateAuthorityType: 'ICA', keyType: 'ECC', issuer } });
const byRoot = ica({ issuerType: 'Microsoft', certificateAuthorityResourceId: `${scope}/certificateAuthorities/top` });
const byCustomer = ica({ issuerType: 'External' });

const errorOf = ({ status, body }: RawAnswer): unknown => [
  status,
  (body?.['error'] as { code: string } | undefined)?.code,
];
const propertiesOf = ({ body }: RawAnswer) => body?.['properties'] as Record<string, unknown>;

describe('the management API of the device registry', () => {
  test('creates, lists and deletes a root, issuing CAs and a policy, in the JSON format of Azure Resource Manager', async () => {
    const made = await ask('PUT', '/certificateAuthorities/top', { body: { location: 'northeurope', ...root } });
    expect(made.status).toBe(201);
    expectFit('registry/certificate-authority', made.body);
    const issuing = await ask('PUT', '/certificateAuthorities/line-ca', { body: byRoot });
    expect([issuing.status, propertiesOf(issuing)['issuer']]).toEqual([201, byRoot.properties.issuer]);
    expectFit('registry/certificate-authority', issuing.body);
    expect((await ask('PUT', '/certificateAuthorities/line-ca', { body: issuing.body })).status).toBe(200);
    const policy = '/certificateAuthorities/line-ca/certificatePolicies/weekly';
    const put = await ask('PUT', policy, { body: { properties: { certificate: { validityPeriodInDays: 7 } } } });
    expect(put.status).toBe(201);
    expectFit('registry/certificate-policy', put.body);
    expect((await ask('GET', policy)).body).toEqual(put.body);
    const cas = (await ask('GET', '/certificateAuthorities')).body?.['value'] as { name: string }[];
    expect(cas.map(({ name }) => name)).toEqual(['top', 'line-ca']);
    expect((await ask('GET', '/certificateAuthorities/line-ca/certificatePolicies')).body).toEqual({
      value: [put.body],
    });
    expect(errorOf(await ask('DELETE', '/certificateAuthorities/line-ca'))).toEqual([409, 'Conflict']);
    expect((await ask('DELETE', policy)).status).toBe(204);
    expect(errorOf(await ask('DELETE', policy))).toEqual([404, 'ResourceNotFound']);
    expect(errorOf(await ask('DELETE', '/certificateAuthorities/top'))).toEqual([409, 'Conflict']);
    expect((await ask('DELETE', '/certificateAuthorities/line-ca')).status).toBe(204);
    expect((await ask('DELETE', '/certificateAuthorities/top')).status).toBe(204);
    expect(errorOf(await ask('GET', '/certificateAuthorities/top'))).toEqual([404, 'ResourceNotFound']);
  });

  test('activates an external CA with a chain that a customer signed, and names the rule that another chain violates', async () => {
    const made = await ask('PUT', '/certificateAuthorities/own-ca', { body: byCustomer });
    const issuer = propertiesOf(made)['issuer'] as Record<string, string>;
    expect([issuer['status'], Object.keys(propertiesOf(made))]).toEqual([
      'PendingActivation',
      expect.not.arrayContaining(['subject']),
    ]);
    expectFit('registry/certificate-authority', made.body);
    const minted = await mint('plant-root', { ca: {}, notAfter: noon + 20 * yearMs });
    const authority = { name: 'plant-root', minted, intermediates: [], chain: [minted], siblings: [minted] };
    const request = issuer['certificateSigningRequest'] ?? '';
    const order = { request, authority, now: noon, validity: 'P2Y', serialNumber: Buffer.from([9]) };
    const path = '/certificateAuthorities/own-ca/activate';
    const odd = await signExternalCa({ ...order, mistake: 'path-length-0' });
    const refused = await ask('POST', path, { body: { certificateChain: odd.chain } });
    expect(errorOf(refused)).toEqual([400, 'InvalidCertificateChain']);
    expect(refused.text).toContain('xternal-ca-path-length');
    const good = await signExternalCa(order);
    expect((await ask('POST', path, { body: { certificateChain: good.chain } })).status).toBe(204);
    const active = await ask('GET', '/certificateAuthorities/own-ca');
    expectFit('registry/certificate-authority', active.body);
    const thumbprint = new X509Certificate(good.issued.der).fingerprint.replaceAll(':', '');
    expect(propertiesOf(active)['issuer']).toEqual({ issuerType: 'External', status: 'Active', thumbprint });
    const again = await ask('PUT', '/certificateAuthorities/own-ca', { body: byCustomer });
    expect([again.status, propertiesOf(again)['issuer']]).toMatchObject([200, { status: 'ActiveButPendingRenewal' }]);
    expect(errorOf(await ask('POST', '/certificateAuthorities/own-ca/revokeAndRotate'))).toEqual([
      400,
      'InvalidParameter',
    ]);
    await ask('DELETE', '/certificateAuthorities/own-ca');
  });

  test('rotates a Microsoft CA, and still supports the credential resource of earlier versions and its synchronisation', async () => {
    const credential = await ask('PUT', '/credentials/default', { body: { location: 'northeurope' } });
    expect(credential.status).toBe(201);
    expectFit('registry/credential', credential.body);
    const issuer = { issuerType: 'Microsoft', certificateAuthorityResourceId: `${scope}/certificateAuthorities/root` };
    const before = await ask('PUT', '/certificateAuthorities/line-ca', { body: ica(issuer) });
    expect((await ask('POST', '/certificateAuthorities/line-ca/revokeAndRotate')).status).toBe(204);
    const after = await ask('GET', '/certificateAuthorities/line-ca');
    expect(propertiesOf(after)['uuid']).toBe(propertiesOf(before)['uuid']);
    expect(propertiesOf(after)['subject']).not.toBe(propertiesOf(before)['subject']);
    expect((await ask('POST', '/credentials/default/synchronize')).status).toBe(204);
    expect((await ask('DELETE', '/credentials/default')).status).toBe(204);
    expect(errorOf(await ask('POST', '/credentials/default/synchronize'))).toEqual([404, 'ResourceNotFound']);
  });

  test('revokes, disables and enables a device', async () => {
    open.cloud.operator.putEnrollment(individual('dev', keys, { certificatePolicyName: 'daily' }));
    const shown = {
      token: dpsToken(keys.primaryKey, 'dev'),
      body: { csr: (await makeRequest('/CN=dev')).csr },
      apiVersion: '2026-11-01',
    };
    expect((await register(open.cloud, 'dev', shown)).status).toBe(202);
    const before = open.cloud.operator.registry.devices()[0]?.identifier;
    expect((await ask('POST', '/registryDevices/dev/revoke')).status).toBe(204);
    expect(open.cloud.operator.registry.devices()[0]?.identifier).not.toBe(before);
    expect((await ask('POST', '/registryDevices/dev/revoke', { body: { disable: true } })).status).toBe(204);
    const disabled = await ask('GET', '/registryDevices/dev');
    expectFit('registry/registry-device', disabled.body);
    expect(propertiesOf(disabled)['enablementState']).toBe('Disabled');
    expect((await register(open.cloud, 'dev', shown)).status).toBe(401);
    const enabled = await ask('PATCH', '/registryDevices/dev', {
      body: { properties: { enablementState: 'Enabled' } },
    });
    expect(propertiesOf(enabled)['enablementState']).toBe('Enabled');
    const profile = '/registryDevices/dev/authenticationProfiles/default/revokeCertificates';
    expect((await ask('POST', profile, { apiVersion: '2026-11-02-preview' })).status).toBe(204);
    expect(errorOf(await ask('POST', '/registryDevices/none/revoke'))).toEqual([404, 'ResourceNotFound']);
  });

  test.each<[string, string, string, ServiceCall, number, string]>([
    ['without a token', 'GET', '/certificateAuthorities', { token: null }, 401, 'AuthenticationFailed'],
    [
      'under another version',
      'GET',
      '/certificateAuthorities',
      { apiVersion: '2025-10-01' },
      400,
      'InvalidApiVersionParameter',
    ],
    ['for an unknown resource', 'GET', '/assets', {}, 404, 'InvalidResourceType'],
    ['with another method', 'POST', '/certificateAuthorities/odd-ca', { body: {} }, 405, 'MethodNotAllowed'],
    ['that is not JSON', 'PUT', '/certificateAuthorities/odd-ca', { text: '{' }, 400, 'InvalidRequestContent'],
    [
      'with another content type',
      'PUT',
      '/certificateAuthorities/odd-ca',
      { body: root, headers: { 'Content-Type': 'text/plain' } },
      415,
      'UnsupportedMediaType',
    ],
    [
      'with an unknown field',
      'PUT',
      '/certificateAuthorities/odd-ca',
      { body: { properties: { ...root.properties, odd: 1 } } },
      400,
      'InvalidRequestContent',
    ],
    [
      'for an RSA key',
      'PUT',
      '/certificateAuthorities/odd-ca',
      { body: { properties: { ...root.properties, keyType: 'RSA' } } },
      400,
      'InvalidRequestContent',
    ],
    ['that names no root', 'PUT', '/certificateAuthorities/odd-ca', { body: byRoot }, 400, 'InvalidParameter'],
    ['with a short name', 'PUT', '/certificateAuthorities/x', { body: byCustomer }, 400, 'InvalidParameter'],
    ['for another credential', 'PUT', '/credentials/other', { body: {} }, 400, 'InvalidParameter'],
    [
      'for a policy of 91 days',
      'PUT',
      '/certificateAuthorities/odd-ca/certificatePolicies/long',
      { body: { properties: { certificate: { validityPeriodInDays: 91 } } } },
      404,
      'ResourceNotFound',
    ],
  ])('refuses a request %s', async (_name, method, path, call, status, code) => {
    const answer = await ask(method, path, call);
    expect(errorOf(answer)).toEqual([status, code]);
    expectFit('registry/error', answer.body);
  });

  test('refuses a policy of 6 or 91 days, and a fourth issuing CA', async () => {
    const names = ['ca-1', 'ca-2', 'ca-3'];
    for (const name of names) await ask('PUT', `/certificateAuthorities/${name}`, { body: byCustomer });
    expect(errorOf(await ask('PUT', '/certificateAuthorities/ca-4', { body: byCustomer }))).toEqual([409, 'Conflict']);
    for (const days of [6, 91]) {
      const body = { properties: { certificate: { validityPeriodInDays: days } } };
      const put = await ask('PUT', '/certificateAuthorities/ca-1/certificatePolicies/odd', { body });
      expect(errorOf(put)).toEqual([400, 'InvalidParameter']);
    }
    for (const name of names) await ask('DELETE', `/certificateAuthorities/${name}`);
  });
});
