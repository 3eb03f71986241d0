import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dpsTopics } from '../../../core/wire/dps-wire.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { mint, shows } from '../clients/certificates.ts';
import { derivedKey, dpsToken, group, hubToken, individual, symmetricKeys } from '../clients/credentials.ts';
import { lookUp, poll, register, type Shown } from '../clients/device-wire.ts';
import { hubs, idScope, noon, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { pemOf, type RawAnswer } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt, subscribePacket, type Packet } from '../clients/raw-mqtt.ts';
import { makeRequest, type MadeRequest } from '../clients/signing-requests.ts';
import { SoftTpm } from '../clients/soft-tpm.ts';

const policies = { monthly: { validityDays: 30 }, daily: { validityDays: 1 } } as const;
const terms = { allocationPolicy: 'static', hubs: [hubs[0]], credentialPolicyName: 'monthly' } as const;
const keys = symmetricKeys();
const dayMs = 86_400_000;
const versions = ['2025-07-01-preview', '2026-04-01'] as const;
let open: OpenCloud;
let made: MadeRequest;

beforeAll(async () => {
  open = await openCloud({ credentialPolicies: policies, assignmentMs: 0 });
  const { operator } = open.cloud;
  operator.putEnrollment({ ...individual('dev', keys), ...terms });
  operator.putEnrollment({ ...individual('daily', keys), ...terms, credentialPolicyName: 'daily' });
  operator.putEnrollment({ ...individual('gone', keys), ...terms, credentialPolicyName: 'yearly' });
  operator.putEnrollment(individual('none', keys, { allocationPolicy: 'static', hubs: [hubs[0]] }));
  operator.putEnrollmentGroup({ ...group('line', keys), ...terms });
  made = await makeRequest('/CN=dev');
});
afterAll(() => open.cloud.close());

/** Registers with a signing request and returns the state of the last answer. */
async function issued(id: string, shown: Shown): Promise<{ state: Record<string, unknown>; chain: Buffer[] }> {
  const accepted = await register(open.cloud, id, shown);
  expect([accepted.status, open.lastVerdict()]).toEqual([202, 'dps passed']);
  const done = await poll(open.cloud, id, accepted.body?.['operationId'], shown);
  expect([done.status, done.body?.['status']]).toEqual([200, 'assigned']);
  const state = done.body?.['registrationState'] as Record<string, unknown>;
  const chain = (state['issuedCertificateChain'] as string[]).map((each) => Buffer.from(each, 'base64'));
  return { state, chain };
}

const withCsr = (id: string, csr: unknown, apiVersion = '2026-04-01'): Shown => ({
  token: dpsToken(keys.primaryKey, id),
  body: { csr },
  apiVersion,
});

/** Connects a device to the hub with an issued certificate and returns the CONNACK code. */
async function visitHub(id: string, chain: readonly Buffer[], keyPem: string): Promise<number | 'closed'> {
  const device = await RawMqtt.open(open.cloud, { cert: chain.slice(0, 2).map(pemOf).join(''), key: keyPem });
  const code = await device.connect({ clientId: id, username: `${hubs[0]}/${id}/?api-version=2021-04-12` });
  device.close();
  return code;
}

function expectRefused(answer: RawAnswer, errorCode: number): void {
  expect([answer.status, answer.body?.['errorCode'], answer.headers['x-ms-error-code']]).toEqual([
    400,
    errorCode,
    String(errorCode),
  ]);
}

describe('a certificate that DPS issues', () => {
  test.each(versions)('is sent under api-version %s as leaf, issuing CA and root in base64 of DER', async (version) => {
    const { state, chain } = await issued('dev', withCsr('dev', made.csr, version));
    expect(state).toMatchObject({ registrationId: 'dev', status: 'assigned', assignedHub: hubs[0] });
    const [leaf, issuing, root] = chain.map((der) => new X509Certificate(der));
    expect(chain).toHaveLength(3);
    expect(leaf?.subject).toBe('CN=dev');
    expect(leaf?.ca).toBe(false);
    expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(leaf?.validFrom).toBe('Jan  5 12:00:00 2026 GMT');
    expect(Date.parse(leaf?.validTo ?? '') - noon).toBe(30 * dayMs);
    expect([issuing, root].map((ca) => [ca?.ca, ca?.publicKey.asymmetricKeyDetails?.namedCurve])).toEqual([
      [true, 'secp384r1'],
      [true, 'secp384r1'],
    ]);
    expect(leaf?.verify(issuing!.publicKey)).toBe(true);
    expect(issuing?.verify(root!.publicKey)).toBe(true);
    expect(root?.verify(root.publicKey)).toBe(true);
  });

  test('has the key of the request and is accepted by OpenSSL', async () => {
    const { chain } = await issued('dev', withCsr('dev', made.csr));
    const [leaf, issuing, root] = chain.map(pemOf);
    expect(new X509Certificate(leaf!).checkPrivateKey(createPrivateKey(made.keyPem))).toBe(true);
    const directory = await mkdtemp(join(tmpdir(), 'rehearsal-issued-'));
    const write = async (name: string, text: string) => {
      await writeFile(join(directory, name), text);
      return join(directory, name);
    };
    const verified = await promisify(execFile)('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslclient',
      '-attime',
      String(noon / 1000 + 60),
      '-CAfile',
      await write('root.pem', root!),
      '-untrusted',
      await write('issuing.pem', issuing!),
      await write('leaf.pem', leaf!),
    ]);
    await rm(directory, { recursive: true });
    expect(verified.stdout).toMatch(/leaf\.pem: OK/);
  });

  test('has the validity that the credential policy of its enrollment sets; each policy has a separate issuing CA', async () => {
    const request = await makeRequest('/CN=daily');
    const daily = await issued('daily', withCsr('daily', request.csr));
    const monthly = await issued('dev', withCsr('dev', made.csr));
    const leaf = new X509Certificate(daily.chain[0]!);
    expect(Date.parse(leaf.validTo) - noon).toBe(dayMs);
    expect(daily.chain[1]).not.toEqual(monthly.chain[1]);
    expect(daily.chain[2]).toEqual(monthly.chain[2]);
  });

  test('becomes invalid when the certificates of the device are revoked; the next certificate of the device is valid', async () => {
    const { operator } = open.cloud;
    const first = await issued('dev', withCsr('dev', made.csr));
    expect(operator.revokeCertificates('dev').ok).toBe(true);
    expect(await visitHub('dev', first.chain, made.keyPem)).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-device-identifier-current');
    const second = await issued('dev', withCsr('dev', made.csr));
    expect(await visitHub('dev', second.chain, made.keyPem)).toBe(0);
    expect(operator.revokeCertificates('unknown')).toMatchObject({ failure: { code: 'device-not-registered' } });
  });

  test('later authenticates the device at the hub, instead of the key that the device used to register', async () => {
    const first = await issued('dev', withCsr('dev', made.csr));
    expect(await visitHub('dev', first.chain, made.keyPem)).toBe(0);
    const device = await RawMqtt.open(open.cloud);
    const username = `${hubs[0]}/dev/?api-version=2021-04-12`;
    const password = hubToken(keys.primaryKey, hubs[0], 'dev');
    expect(await device.connect({ clientId: 'dev', username, password })).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-credential-type-matches');
    const second = await issued('dev', withCsr('dev', made.csr));
    expect(await visitHub('dev', first.chain, made.keyPem)).toBe(0);
    expect(await visitHub('dev', second.chain, made.keyPem)).toBe(0);
    open.clock.set(noon + 30 * dayMs + 1);
    expect(await visitHub('dev', second.chain, made.keyPem)).toBe(5);
    expect(open.lastVerdict()).toBe('hub hub-certificate-valid-now');
    open.clock.set(noon);
  });

  test('is issued to a device that registers with a certificate', async () => {
    const own = await mint('cert');
    open.cloud.operator.putEnrollment({ ...individual('cert', { type: 'x509', primary: own.der }), ...terms });
    const request = await makeRequest('/CN=cert', ['rsa:2048']);
    const shown = { client: shows(own), body: { csr: request.csr }, apiVersion: '2026-04-01' };
    const { chain, state } = await issued('cert', shown);
    expect(state['x509']).toEqual({});
    expect(await visitHub('cert', chain, request.keyPem)).toBe(0);
    expect(await visitHub('cert', [own.der], own.privateKeyPem)).toBe(5);
  });

  test('is issued to a TPM in its second request', async () => {
    const chip = new SoftTpm();
    open.cloud.operator.putEnrollment({
      ...individual('chip', { type: 'tpm', endorsementKey: chip.endorsementKey }),
      ...terms,
    });
    const request = await makeRequest('/CN=chip');
    const body = { ...chip.body, csr: request.csr };
    const challenged = await register(open.cloud, 'chip', { body, apiVersion: '2026-04-01' });
    expect(challenged.status).toBe(401);
    const token = dpsToken(chip.unwrap(challenged.body?.['authenticationKey']), 'chip');
    const { chain } = await issued('chip', { token, body, apiVersion: '2026-04-01' });
    expect(await visitHub('chip', chain, request.keyPem)).toBe(0);
  });

  test('is issued to a member of a group, over MQTT and over HTTPS', async () => {
    const request = await makeRequest('/CN=member');
    const device = await RawMqtt.open(open.cloud);
    const username = `${idScope}/registrations/member/api-version=2025-07-01-preview`;
    const password = dpsToken(derivedKey(keys.primaryKey, 'member'), 'member');
    expect(await device.connect({ clientId: 'member', username, password })).toBe(0);
    const body = JSON.stringify({ registrationId: 'member', csr: request.csr });
    device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(dpsTopics.register('1'), body));
    expect((await device.next()).kind).toBe('suback');
    const accepted = await device.next();
    const { operationId } = jsonOf(accepted) as { operationId: string };
    device.send(publishPacket(dpsTopics.operationStatus('2', operationId), ' '));
    const done = await device.next();
    device.close();
    const { registrationState } = jsonOf(done) as { registrationState: { issuedCertificateChain: string[] } };
    const chain = registrationState.issuedCertificateChain.map((each) => Buffer.from(each, 'base64'));
    expect(await visitHub('member', chain, request.keyPem)).toBe(0);
  });

  test('is only in the final answer of the registration operation', async () => {
    const slow = await openCloud({ credentialPolicies: policies });
    slow.cloud.operator.putEnrollment({ ...individual('dev', keys), ...terms });
    const shown = withCsr('dev', made.csr);
    const accepted = await register(slow.cloud, 'dev', shown);
    expect(accepted.body).toEqual({ operationId: accepted.body?.['operationId'], status: 'assigning' });
    const running = await poll(slow.cloud, 'dev', accepted.body?.['operationId'], shown);
    expect(running.status).toBe(202);
    expect(running.text).not.toContain('issuedCertificateChain');
    slow.clock.set(noon + 2000);
    const done = await poll(slow.cloud, 'dev', accepted.body?.['operationId'], shown);
    expect(done.body?.['registrationState']).toHaveProperty('issuedCertificateChain');
    const found = await lookUp(slow.cloud, 'dev', { ...shown, body: {} });
    expect(found.status).toBe(200);
    expect(found.body).not.toHaveProperty('issuedCertificateChain');
    await slow.cloud.close();
  });

  test('is not issued to a device that requests none', async () => {
    const token = dpsToken(keys.primaryKey, 'dev');
    const accepted = await register(open.cloud, 'dev', { token, apiVersion: '2026-04-01' });
    const done = await poll(open.cloud, 'dev', accepted.body?.['operationId'], { token });
    expect(done.body?.['registrationState']).not.toHaveProperty('issuedCertificateChain');
  });
});

/** Returns a signing request with a changed last byte, which belongs to its signature. */
function forged({ der }: MadeRequest): string {
  const copy = Buffer.from(der);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy.toString('base64');
}

describe('a certificate signing request', () => {
  test.each<[string, () => Promise<string>, string]>([
    ['not base64', async () => 'certificate please', 'csr-readable'],
    ['empty', async () => '', 'csr-readable'],
    [
      'PEM',
      async () => `-----BEGIN CERTIFICATE REQUEST-----\n${made.csr}\n-----END CERTIFICATE REQUEST-----\n`,
      'csr-readable',
    ],
    ['base64url', async () => made.csr.replaceAll('+', '-').replaceAll('/', '_').replace(/=*$/, ''), 'csr-readable'],
    ['a certificate', async () => (await mint('dev')).der.toString('base64'), 'csr-readable'],
    ['truncated', async () => made.der.subarray(0, -7).toString('base64'), 'csr-readable'],
    [
      'with trailing bytes',
      async () => Buffer.concat([made.der, Buffer.from('00', 'hex')]).toString('base64'),
      'csr-readable',
    ],
    ['nested without end', async () => Buffer.from('3080'.repeat(6000), 'hex').toString('base64'), 'csr-readable'],
    ['larger than any real request', async () => Buffer.alloc(60_000, 0x30).toString('base64'), 'csr-readable'],
    ['with a signature that was changed', async () => forged(made), 'csr-signed-by-its-key'],
    ['for a key of RSA-1024', async () => (await makeRequest('/CN=dev', ['rsa:1024'])).csr, 'csr-key-allowed'],
    ['for a key of Ed25519', async () => (await makeRequest('/CN=dev', ['ed25519'])).csr, 'csr-key-allowed'],
    ['for another name', async () => (await makeRequest('/CN=other')).csr, 'csr-name-matches'],
    ['for no name', async () => (await makeRequest('/O=dev')).csr, 'csr-name-matches'],
    ['for two names', async () => (await makeRequest('/CN=dev/CN=other')).csr, 'csr-name-matches'],
  ])('is refused: %s', async (_name, csr, check) => {
    expectRefused(await register(open.cloud, 'dev', withCsr('dev', await csr())), 400006);
    expect(open.lastVerdict()).toBe(`dps ${check}`);
  });

  test.each([
    ['a number', 7],
    ['a list', ['x']],
    ['an object', {}],
  ])('is refused if it is %s', async (_name, csr) => {
    expectRefused(await register(open.cloud, 'dev', withCsr('dev', csr)), 400004);
  });

  test.each([
    ['names no policy', 'none'],
    ['names an unknown policy', 'gone'],
  ])('is refused if the enrollment %s', async (_name, id) => {
    const { csr } = await makeRequest(`/CN=${id}`);
    expectRefused(await register(open.cloud, id, withCsr(id, csr)), 400009);
    expect(open.lastVerdict()).toBe('dps credential-policy-known');
  });

  test('that is refused changes nothing at the hub', async () => {
    const { chain } = await issued('dev', withCsr('dev', made.csr));
    expectRefused(await register(open.cloud, 'dev', withCsr('dev', forged(made))), 400006);
    expect(await visitHub('dev', chain, made.keyPem)).toBe(0);
  });

  test('is not parsed before the device is authenticated', async () => {
    const answer = await register(open.cloud, 'dev', { body: { csr: 'x' }, apiVersion: '2026-04-01' });
    expect([answer.status, open.lastVerdict()]).toEqual([401, 'dps attestation-type-matches']);
  });

  test.each(versions)('is refused in a status lookup (api-version %s)', async (version) => {
    await register(open.cloud, 'dev', withCsr('dev', made.csr));
    expectRefused(await lookUp(open.cloud, 'dev', withCsr('dev', made.csr, version)), 400007);
  });
});

describe('a certificate signing request with an older API version', () => {
  const older = ['2019-03-31', '2021-06-01', '2021-10-01'] as const;

  test.each(older)('is ignored (api-version %s)', async (version) => {
    const shown = withCsr('dev', 'not even base64', version);
    const accepted = await register(open.cloud, 'dev', shown);
    const done = await poll(open.cloud, 'dev', accepted.body?.['operationId'], shown);
    expect(done.body?.['status']).toBe('assigned');
    expect(done.body?.['registrationState']).not.toHaveProperty('issuedCertificateChain');
    expect((await lookUp(open.cloud, 'dev', shown)).status).toBe(200);
  });

  test('is refused if `csrInOlderVersion` is `reject`', async () => {
    const strict = await openCloud({
      credentialPolicies: policies,
      fidelity: { ...defaultFidelity, csrInOlderVersion: 'reject' },
    });
    strict.cloud.operator.putEnrollment({ ...individual('dev', keys), ...terms });
    for (const version of older) {
      expectRefused(await register(strict.cloud, 'dev', withCsr('dev', made.csr, version)), 400007);
      expectRefused(await lookUp(strict.cloud, 'dev', withCsr('dev', made.csr, version)), 400007);
    }
    expect((await register(strict.cloud, 'dev', withCsr('dev', made.csr))).status).toBe(202);
    await strict.cloud.close();
  });
});

test('the start of a cloud fails for a credential policy of more than 90 days or of 0 days', async () => {
  for (const validityDays of [0, 91, 1.5]) {
    await expect(openCloud({ credentialPolicies: { odd: { validityDays } } })).rejects.toThrow('expected 1 to 90');
  }
});

function jsonOf(packet: Packet): unknown {
  return packet.kind === 'publish' ? JSON.parse(packet.text) : undefined;
}
