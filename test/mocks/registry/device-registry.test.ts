import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import { defaultFidelity, type FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { CaName } from '../../../core/cloud/registry-operator.ts';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { signExternalCa, type ExternalCaMistake } from '../../../sim/pki/sign-external-ca.ts';
import { mint, yearMs } from '../clients/certificates.ts';
import { dpsToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { poll, register } from '../clients/device-wire.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { pemOf } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt } from '../clients/raw-mqtt.ts';
import { makeRequest, type MadeRequest } from '../clients/signing-requests.ts';
import { nextMessage, subscribe } from '../hub/mqtt-device.ts';

const keys = symmetricKeys();
const minuteMs = 60_000;
const dayMs = 86_400_000;
const plant: CaName = { namespace: 'plant', certificateAuthority: 'line-ca' };
const opened: OpenCloud[] = [];
const request: Promise<MadeRequest> = makeRequest('/CN=dev');

afterEach(() => Promise.all(opened.splice(0).map(({ cloud }) => cloud.close())));

async function lab(
  settings: Partial<CloudSettings> = {},
  fidelity: Partial<FidelitySettings> = {},
): Promise<OpenCloud> {
  const open = await openCloud({ assignmentMs: 0, fidelity: { ...defaultFidelity, ...fidelity }, ...settings });
  opened.push(open);
  return open;
}

const registryOf = ({ cloud }: OpenCloud) => cloud.operator.registry;

/** Creates a Microsoft CA with the policy `weekly`, synchronises it with the hub, and advances the clock until the hub trusts the CA. */
async function withCa(open: OpenCloud): Promise<void> {
  const registry = registryOf(open);
  await registry.createRoot({ namespace: 'plant', certificateAuthority: 'root' });
  expect(await registry.createIssuingCa(plant, 'Microsoft')).toMatchObject({ ok: true });
  expect(registry.putPolicy({ ...plant, policy: 'weekly' }, 7)).toMatchObject({ ok: true });
  expect(await registry.synchronize('plant')).toEqual({ ok: true, value: open.clock.now() + 5 * minuteMs });
  open.clock.set(open.clock.now() + 5 * minuteMs);
}

/** Registers `dev` with a signing request. Returns the HTTP status, or the issued chain in DER. */
async function issued(open: OpenCloud, policy = 'weekly'): Promise<readonly Buffer[] | number> {
  const terms = { allocationPolicy: 'static', hubs: [hubs[0]], certificatePolicyName: policy } as const;
  open.cloud.operator.putEnrollment({ ...individual('dev', keys), ...terms });
  const token = dpsToken(keys.primaryKey, 'dev', { se: Math.floor(open.clock.now() / 1000) + 3600 });
  const shown = { token, body: { csr: (await request).csr }, apiVersion: '2026-11-01' };
  const accepted = await register(open.cloud, 'dev', shown);
  if (accepted.status !== 202) return accepted.status;
  const done = await poll(open.cloud, 'dev', accepted.body?.['operationId'], shown);
  const state = done.body?.['registrationState'] as Record<string, unknown>;
  return (state['issuedCertificateChain'] as string[]).map((each) => Buffer.from(each, 'base64'));
}

async function chainOf(open: OpenCloud): Promise<readonly Buffer[]> {
  const chain = await issued(open);
  if (typeof chain === 'number') throw new Error(`DPS answers with ${chain}`);
  return chain;
}

/** Connects `dev` to its hub with an issued certificate. Returns the CONNACK code and the last verdict. */
async function visit(open: OpenCloud, chain: readonly Buffer[]): Promise<unknown> {
  const { keyPem } = await request;
  const device = await RawMqtt.open(open.cloud, { cert: chain.slice(0, 2).map(pemOf).join(''), key: keyPem });
  const code = await device.connect({ clientId: 'dev', username: `${hubs[0]}/dev/?api-version=2021-04-12` });
  device.close();
  return [code, open.lastVerdict()];
}

const accepted = [0, 'hub passed'];
const notSynced = [5, 'hub hub-issuing-ca-synced'];

describe('the certificate authorities of a namespace', () => {
  test('are one root and at most three issuing CAs, each with one policy of 7 to 90 days', async () => {
    const open = await lab();
    const registry = registryOf(open);
    expect(await registry.createIssuingCa(plant, 'Microsoft')).toMatchObject({
      failure: { code: 'root-missing', status: 400 },
    });
    await registry.createRoot({ namespace: 'plant', certificateAuthority: 'root' });
    expect(await registry.createRoot({ namespace: 'plant', certificateAuthority: 'other' })).toMatchObject({
      failure: { code: 'ca-exists', status: 409 },
    });
    for (const name of ['ca-1', 'ca-2', 'ca-3'])
      expect(await registry.createIssuingCa({ ...plant, certificateAuthority: name }, 'Microsoft')).toMatchObject({
        ok: true,
      });
    expect(await registry.createIssuingCa(plant, 'External')).toMatchObject({
      failure: { code: 'ca-limit', status: 409 },
    });
    const [first] = ['ca-1'].map((certificateAuthority) => ({ ...plant, certificateAuthority, policy: 'monthly' }));
    for (const days of [6, 91, 7.5])
      expect(registry.putPolicy(first!, days)).toMatchObject({ failure: { code: 'validity-invalid', status: 400 } });
    for (const days of [7, 90])
      expect(registry.putPolicy(first!, days)).toMatchObject({ value: { validityDays: days } });
    expect(registry.putPolicy({ ...first!, policy: 'second' }, 30)).toMatchObject({
      failure: { code: 'policy-exists' },
    });
    expect((await registry.certificateAuthorities('plant')).map(({ type }) => type)).toEqual([
      'Root',
      'ICA',
      'ICA',
      'ICA',
    ]);
  });

  test('depend on two switches: under `issuingCaLimit: 400`, a fourth issuing CA gets 400; under `shortestCertificatePolicy: P1D`, a policy may last one day', async () => {
    const open = await lab({}, { issuingCaLimit: '400', shortestCertificatePolicy: 'P1D' });
    const registry = registryOf(open);
    for (const name of ['ca-1', 'ca-2', 'ca-3'])
      await registry.createIssuingCa({ ...plant, certificateAuthority: name }, 'External');
    expect(await registry.createIssuingCa(plant, 'External')).toMatchObject({
      failure: { code: 'ca-limit', status: 400 },
    });
    expect(registry.putPolicy({ ...plant, certificateAuthority: 'ca-1', policy: 'daily' }, 1)).toMatchObject({
      ok: true,
    });
  });

  test.each([
    [{ namespace: 'Plant', certificateAuthority: 'line-ca' }, 'Plant'],
    [{ namespace: 'plant', certificateAuthority: '-ca' }, '-ca'],
    [{ namespace: 'plant', certificateAuthority: 'x' }, '"x"'],
  ])('must have names that follow the rules of the API: %j is refused', async (name, found) => {
    const made = await registryOf(await lab()).createIssuingCa(name, 'External');
    expect(made).toMatchObject({
      failure: { code: 'name-invalid', status: 400, sentence: expect.stringContaining(found) },
    });
  });
});

describe('a hub', () => {
  test('trusts an issuing CA only after its synchronisation and the delay `credentialSyncMs`', async () => {
    const open = await lab({ credentialSyncMs: 2 * 3_600_000 });
    const registry = registryOf(open);
    await registry.createRoot({ namespace: 'plant', certificateAuthority: 'root' });
    await registry.createIssuingCa(plant, 'Microsoft');
    registry.putPolicy({ ...plant, policy: 'weekly' }, 7);
    const chain = await chainOf(open);
    expect(await visit(open, chain)).toEqual(notSynced);
    await registry.synchronize('plant');
    open.clock.set(noon + 2 * 3_600_000 - 1);
    expect(await visit(open, chain)).toEqual(notSynced);
    open.clock.set(noon + 2 * 3_600_000);
    expect(await visit(open, chain)).toEqual(accepted);
  });

  test('refuses the old certificates of a rotated CA five minutes after the rotation, and accepts new certificates', async () => {
    const open = await lab();
    await withCa(open);
    const old = await chainOf(open);
    expect(await visit(open, old)).toEqual(accepted);
    expect(await registryOf(open).revokeAndRotate(plant)).toMatchObject({ ok: true });
    expect(await visit(open, old)).toEqual(accepted);
    const next = await chainOf(open);
    expect(next[1]).not.toEqual(old[1]);
    expect(next[2]).toEqual(old[2]);
    expect(await visit(open, next)).toEqual(notSynced);
    open.clock.set(open.clock.now() + 5 * minuteMs);
    expect(await visit(open, old)).toEqual(notSynced);
    expect(await visit(open, next)).toEqual(accepted);
  });

  test('accepts issued certificates after the policy and the credential are deleted, until an operator deletes the CA at the hub', async () => {
    const open = await lab();
    const registry = registryOf(open);
    await withCa(open);
    const chain = await chainOf(open);
    expect(registry.deleteCredential('plant')).toMatchObject({ failure: { code: 'ca-in-use', status: 409 } });
    expect(registry.deleteCertificateAuthority(plant)).toMatchObject({ failure: { code: 'ca-in-use' } });
    expect(registry.deletePolicy({ ...plant, policy: 'weekly' })).toMatchObject({ ok: true });
    expect(await issued(open)).toBe(400);
    expect(open.lastVerdict()).toBe('dps credential-policy-known');
    expect(registry.deleteCredential('plant')).toMatchObject({ ok: true });
    expect(await registry.certificateAuthorities('plant')).toEqual([]);
    expect(await visit(open, chain)).toEqual(accepted);
    const thumbprint = new X509Certificate(chain[1]!).fingerprint256.replaceAll(':', '');
    expect(open.cloud.operator.deleteHubAuthority(hubs[0], thumbprint)).toMatchObject({ ok: true });
    expect(await visit(open, chain)).toEqual(notSynced);
    expect(open.cloud.operator.deleteHubAuthority(hubs[0], thumbprint)).toMatchObject({ ok: false });
  });

  test('trusts the CA of a credential policy in the settings without synchronisation, until the CA is rotated', async () => {
    const open = await lab({ credentialPolicies: { weekly: { validityDays: 7 } } });
    const chain = await chainOf(open);
    expect(await visit(open, chain)).toEqual(accepted);
    const implied = { namespace: 'rehearsal', certificateAuthority: 'weekly' };
    expect(await registryOf(open).revokeAndRotate(implied)).toMatchObject({ ok: true });
    open.clock.set(open.clock.now() + 5 * minuteMs);
    expect(await visit(open, chain)).toEqual(notSynced);
    expect(await visit(open, await chainOf(open))).toEqual(accepted);
  });

  test('still trusts the issuing CA after a restart of the cloud', async () => {
    const open = await lab();
    await withCa(open);
    const chain = await chainOf(open);
    const saved = open.cloud.snapshot();
    const next = await lab({ saved });
    next.clock.set(open.clock.now());
    expect(await visit(next, chain)).toEqual(accepted);
    expect(await registryOf(next).revokeAndRotate(plant)).toMatchObject({ ok: true });
  });

  test('refuses a device that was revoked and disabled, and DPS issues no certificate to it', async () => {
    const open = await lab();
    await withCa(open);
    const chain = await chainOf(open);
    open.cloud.operator.revokeCertificates('dev', { disables: true });
    expect(await visit(open, chain)).toEqual([5, 'hub hub-identity-enabled']);
    expect(await issued(open)).toBe(401);
    expect(open.lastVerdict()).toBe('dps registry-device-enabled');
    expect(registryOf(open).setDeviceEnabled('dev', true)).toMatchObject({ ok: true });
    expect(await visit(open, chain)).toEqual([5, 'hub hub-device-identifier-current']);
    expect(await visit(open, await chainOf(open))).toEqual(accepted);
  });

  test.each([
    ['accept', 0],
    ['refuse', 5],
  ] as const)(
    'accepts or refuses, by `issuedBesideOwnCredential: %s`, the issued certificate of a device whose identity has another credential',
    async (issuedBesideOwnCredential, code) => {
      const open = await lab({ credentialPolicies: { weekly: { validityDays: 7 } } }, { issuedBesideOwnCredential });
      const own = await mint('dev');
      const terms = { allocationPolicy: 'static', hubs: [hubs[0]], certificatePolicyName: 'weekly' } as const;
      open.cloud.operator.putEnrollment({ ...individual('dev', { type: 'x509', primary: own.der }), ...terms });
      const client = { cert: own.pem, key: own.privateKeyPem };
      expect((await register(open.cloud, 'dev', { client, apiVersion: '2026-11-01' })).status).toBe(202);
      const device = await RawMqtt.open(open.cloud, client);
      const username = `${hubs[0]}/dev/?api-version=2025-08-01-preview`;
      expect(await device.connect({ clientId: 'dev', username })).toBe(0);
      expect(await subscribe(device, '$iothub/credentials/res/#')).toEqual([1]);
      const { csr } = await request;
      device.send(
        publishPacket('$iothub/credentials/POST/issueCertificate/?$rid=r-1', JSON.stringify({ id: 'dev', csr })),
      );
      expect((await nextMessage(device)).topic).toContain('/res/202/');
      open.clock.set(open.clock.now() + 1000);
      device.send(publishPacket('devices/dev/messages/events/', 'x'));
      const { topic, text } = await nextMessage(device);
      device.close();
      expect(topic).toContain('/res/200/');
      const { certificates } = JSON.parse(text) as { certificates: string[] };
      const [found] = (await visit(
        open,
        certificates.map((each) => Buffer.from(each, 'base64')),
      )) as [number];
      expect(found).toBe(code);
    },
  );
});

describe('an external CA', () => {
  let root: Minted;

  async function pending(open: OpenCloud): Promise<string> {
    root = await mint('plant-root', { ca: {}, notBefore: noon - yearMs, notAfter: noon + 20 * yearMs });
    const made = await registryOf(open).createIssuingCa(plant, 'External');
    registryOf(open).putPolicy({ ...plant, policy: 'weekly' }, 7);
    if (!made.ok) throw new Error(made.failure.sentence);
    expect(made.value).toMatchObject({ status: 'PendingActivation', issuer: 'External' });
    return made.value.certificateSigningRequest ?? '';
  }

  async function signed(csr: string, now: number, mistake?: ExternalCaMistake): Promise<string> {
    const authority = { name: 'plant-root', minted: root, intermediates: [], chain: [root], siblings: [root] };
    const order = { request: csr, authority, now, validity: 'P400D', serialNumber: Buffer.from([7]), mistake };
    return (await signExternalCa(order)).chain;
  }

  test('issues nothing before it is activated, and then issues chains that end at the root of the customer', async () => {
    const open = await lab();
    const csr = await pending(open);
    expect(await issued(open)).toBe(400);
    expect(open.lastVerdict()).toBe('dps issuing-ca-usable');
    expect(await registryOf(open).activate(plant, await signed(csr, noon))).toMatchObject({
      value: { status: 'Active' },
    });
    await registryOf(open).synchronize('plant');
    open.clock.set(noon + 5 * minuteMs);
    const chain = await chainOf(open);
    expect(chain.map((der) => new X509Certificate(der).ca)).toEqual([false, true, true]);
    expect(chain[2]).toEqual(root.der);
    expect(await visit(open, chain)).toEqual(accepted);
  });

  test('has the status `ActiveButPendingRenewal` after the next signing request, and its old certificates stay valid', async () => {
    const open = await lab();
    const registry = registryOf(open);
    await registry.activate(plant, await signed(await pending(open), noon));
    await registry.synchronize('plant');
    open.clock.set(noon + 300 * dayMs);
    const old = await chainOf(open);
    const renewed = await registry.createIssuingCa(plant, 'External');
    if (!renewed.ok) throw new Error(renewed.failure.sentence);
    expect(renewed.value.status).toBe('ActiveButPendingRenewal');
    expect((await chainOf(open))[1]).toEqual(old[1]);
    const chain = await signed(renewed.value.certificateSigningRequest ?? '', open.clock.now());
    expect(await registry.activate(plant, chain)).toMatchObject({ value: { status: 'Active' } });
    const next = await chainOf(open);
    expect(next[1]).not.toEqual(old[1]);
    expect(await visit(open, old)).toEqual(accepted);
    expect(await visit(open, next)).toEqual(notSynced);
    await registry.synchronize('plant');
    open.clock.set(open.clock.now() + 5 * minuteMs);
    expect(await visit(open, next)).toEqual(accepted);
  });

  test('issues nothing after its last day, and the hub then refuses the certificates that the CA issued', async () => {
    const open = await lab();
    await registryOf(open).activate(plant, await signed(await pending(open), noon));
    await registryOf(open).synchronize('plant');
    open.clock.set(noon + 399 * dayMs);
    const chain = await chainOf(open);
    expect(new X509Certificate(chain[0]!).validTo).toBe(new X509Certificate(chain[1]!).validTo);
    open.clock.set(noon + 400 * dayMs + 1000);
    expect(await issued(open)).toBe(400);
    expect(open.lastVerdict()).toBe('dps issuing-ca-usable');
    expect((await visit(open, chain)) as unknown[]).toContain(5);
  });

  test('issues certificates that outlast the CA if `leafPastCaExpiry` is `keep`', async () => {
    const open = await lab({}, { leafPastCaExpiry: 'keep' });
    await registryOf(open).activate(plant, await signed(await pending(open), noon));
    open.clock.set(noon + 399 * dayMs);
    const [leaf] = await chainOf(open);
    expect(Date.parse(new X509Certificate(leaf!).validTo)).toBe(noon + 406 * dayMs);
  });

  test('cannot be revoked, unless `externalCaRevocation` is `pending`', async () => {
    const open = await lab();
    await registryOf(open).activate(plant, await signed(await pending(open), noon));
    expect(await registryOf(open).revokeAndRotate(plant)).toMatchObject({
      failure: { code: 'ca-type-wrong', status: 400 },
    });
    const other = await lab({}, { externalCaRevocation: 'pending' });
    await registryOf(other).activate(plant, await signed(await pending(other), noon));
    await registryOf(other).synchronize('plant');
    other.clock.set(noon + 5 * minuteMs);
    const chain = await chainOf(other);
    expect(await registryOf(other).revokeAndRotate(plant)).toMatchObject({ value: { status: 'PendingActivation' } });
    expect(await visit(other, chain)).toEqual(accepted);
    await registryOf(other).synchronize('plant');
    other.clock.set(other.clock.now() + 5 * minuteMs);
    expect(await visit(other, chain)).toEqual(notSynced);
  });

  test('can be activated only if it exists, and a Microsoft CA cannot be activated', async () => {
    const open = await lab();
    await withCa(open);
    expect(await registryOf(open).activate(plant, '')).toMatchObject({
      failure: { code: 'ca-type-wrong', status: 400 },
    });
    expect(await registryOf(open).activate({ ...plant, certificateAuthority: 'none' }, '')).toMatchObject({
      failure: { code: 'ca-not-found', status: 404 },
    });
  });
});
