import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lab } from '../../../cli/lab/lab.ts';
import { startLab } from '../../../cli/lab/start-lab.ts';
import { command } from '../run-inline.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-cert-'));
const state = join(folder, 'lab.state');
let lab: Lab;
beforeAll(async () => {
  const groups = { cameras: { x509: { ca: 'factory-ca' } } };
  lab = await startLab({
    state,
    startTimeoutMs: 55_000,
    lab: {
      pki: { 'factory-root': {}, 'factory-ca': { issuer: 'factory-root' }, 'other-root': { validity: 'P1Y' } },
      cloud: { assignment: 'PT0S', enrollmentGroups: groups },
    },
  });
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true, force: true });
});

function cert(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'cert', ...words], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

function openssl(...words: readonly string[]): string {
  return execFileSync('openssl', words, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

/** Registers over MQTT with a certificate, and returns the status of the first answer. */
async function register(id: string, chain: string, key: string, passphrase?: string): Promise<string> {
  const client = await connectAsync({
    protocol: 'mqtts',
    host: lab.address,
    port: lab.ports.mqtt,
    servername: lab.hosts.device,
    ca: lab.trust.pem,
    cert: readFileSync(join(folder, chain)),
    key: readFileSync(join(folder, key)),
    ...(passphrase === undefined ? {} : { passphrase }),
    clientId: id,
    username: `${lab.idScope}/registrations/${id}/api-version=2021-06-01`,
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  try {
    const answer = new Promise<string>((resolve) => client.once('message', (_, text) => resolve(text.toString())));
    await client.subscribeAsync('$dps/registrations/res/#');
    await client.publishAsync('$dps/registrations/PUT/iotdps-register/?$rid=1', JSON.stringify({ registrationId: id }));
    const { status, errorCode }: { status?: string; errorCode?: number } = JSON.parse(await answer);
    return status ?? String(errorCode);
  } finally {
    await client.endAsync(true);
  }
}

describe('rehearse cert', () => {
  test('issues a certificate that the enrollment group of its CA accepts over MQTT', async () => {
    const made = cert('camera-1', 'camera-1', '--state', 'lab.state', '--ca', 'factory-ca', '--validity', 'P90D');
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('--cert camera-1/chain.pem --key camera-1/device-key.pem');
    expect(readdirSync(join(folder, 'camera-1')).toSorted()).toEqual([
      'ca.pem',
      'chain.pem',
      'device-key.pem',
      'device.pem',
      'device.pfx',
    ]);
    for (const name of ['device-key.pem', 'device.pfx']) {
      expect(statSync(join(folder, 'camera-1', name)).mode & 0o077).toBe(0);
    }
    expect(openssl('pkcs12', '-in', 'camera-1/device.pfx', '-passin', 'pass:rehearsal', '-nodes')).toMatch(
      /CN = ?camera-1[^]*PRIVATE KEY/,
    );
    expect(await register('camera-1', 'camera-1/chain.pem', 'camera-1/device-key.pem')).toBe('assigning');
    expect(await lab.registration('camera-1')).toMatchObject({ status: 'assigned' });
  });

  test('prints a command that registers the device', () => {
    const made = cert('camera-2', 'camera-2', '--pki', lab.pki, '--ca', 'factory-ca', '--key', 'RSA-2048');
    const script = made.stdout
      .slice(made.stdout.indexOf('ID_SCOPE='))
      .replace('HTTPS_PORT:-443', `HTTPS_PORT:-${lab.ports.https}`);
    const answer = execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(answer)).toMatchObject({ status: 'assigning' });
  });

  test.each([
    [
      'an existing file',
      ['camera-1', 'taken', '--state', 'lab.state', '--ca', 'factory-ca'],
      /taken\/device-key.pem already exists; name another folder/,
    ],
    [
      'several CAs without --ca',
      ['camera-1', 'new', '--state', 'lab.state'],
      /name one with --ca: factory-ca, factory-root, other-root/,
    ],
    ['an unknown CA', ['camera-1', 'new', '--state', 'lab.state', '--ca', 'x'], /the lab has no CA "x"/],
    ['a missing lab', ['camera-1', 'new', '--state', 'none'], /none\.d\/pki has no CA of a lab/],
    ['neither --state nor --pki', ['camera-1', 'new'], /expected exactly one of --state FILE and --pki FOLDER/],
    ['a wrong registration ID', ['camera 1', 'new', '--state', 'lab.state'], /Expected a registration ID/],
    [
      'a wrong duration',
      ['camera-1', 'new', '--state', 'lab.state', '--validity', '90 days'],
      /Expected an ISO 8601 duration/,
    ],
  ])('refuses %s and writes nothing', (_, words, sentence) => {
    execFileSync('mkdir', ['-p', 'taken'], { cwd: folder });
    writeFileSync(join(folder, 'taken', 'device-key.pem'), 'mine');
    const { status, stderr } = cert(...words);
    expect([status, stderr]).toEqual([2, expect.stringMatching(sentence)]);
    expect(readdirSync(folder)).not.toContain('new');
    expect(readdirSync(join(folder, 'taken'))).toEqual(['device-key.pem']);
    expect(readFileSync(join(folder, 'taken', 'device-key.pem'), 'utf8')).toBe('mine');
  });
});

describe('certificates as in the tutorials of Microsoft', () => {
  test('an enrollment group accepts, over MQTT, a device whose intermediate CA openssl made', async () => {
    writeFileSync(
      join(folder, 'ext.cnf'),
      `[root]
basicConstraints = critical, CA:true
keyUsage = critical, digitalSignature, cRLSign, keyCertSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, digitalSignature, cRLSign, keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always, issuer
[device]
basicConstraints = CA:FALSE
nsCertType = client, email
nsComment = "OpenSSL Generated Client Certificate"
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid, issuer
keyUsage = critical, nonRepudiation, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth, emailProtection
`,
    );
    makeCertificate('root', 'Azure IoT Hub CA Cert Test Only', undefined);
    makeCertificate('intermediate', 'Azure IoT Hub Intermediate Cert Test Only', 'root');
    makeCertificate('device', 'device-01', 'intermediate');
    const chain = ['device', 'intermediate', 'root'].map((name) =>
      readFileSync(join(folder, `${name}.cert.pem`), 'utf8'),
    );
    writeFileSync(join(folder, 'device-full-chain.cert.pem'), chain.join(''));
    await lab.enrollGroup({ enrollmentGroupId: 'custom-allocation', x509: { certificate: chain[1] ?? '' } });
    expect(await register('device-01', 'device-full-chain.cert.pem', 'device.key.pem')).toBe('assigning');
    expect(await lab.registration('device-01')).toMatchObject({ status: 'assigned' });
  });

  test('an individual enrollment accepts a self-signed certificate with an encrypted key, over MQTT', async () => {
    const subject = ['-subj', '/CN=my-x509-device', '-addext', 'extendedKeyUsage=clientAuth', '-days', '30'];
    const key = ['-newkey', 'rsa:2048', '-keyout', 'self-key.pem', '-passout', 'pass:1234'];
    openssl('req', '-outform', 'PEM', '-x509', '-sha256', ...key, '-out', 'self.pem', ...subject);
    const certificate = readFileSync(join(folder, 'self.pem'), 'utf8');
    await lab.enroll({ registrationId: 'my-x509-device', x509: { certificate } });
    expect(await register('my-x509-device', 'self.pem', 'self-key.pem', '1234')).toBe('assigning');
    expect(await lab.registration('my-x509-device')).toMatchObject({ status: 'assigned' });
  });
});

/** Makes a key and a certificate with openssl, as the tutorial "provision multiple X.509 devices using enrollment groups" does. */
function makeCertificate(name: string, commonName: string, issuer: string | undefined): void {
  openssl('genrsa', '-out', `${name}.key.pem`, '2048');
  openssl('req', '-new', '-sha256', '-key', `${name}.key.pem`, '-subj', `/CN=${commonName}`, '-out', `${name}.csr.pem`);
  const signer =
    issuer === undefined
      ? ['-signkey', `${name}.key.pem`]
      : ['-CA', `${issuer}.cert.pem`, '-CAkey', `${issuer}.key.pem`, '-CAcreateserial'];
  const extensions = ['-extfile', 'ext.cnf', '-extensions', name, '-days', '30', '-sha256'];
  openssl('x509', '-req', '-in', `${name}.csr.pem`, ...signer, ...extensions, '-out', `${name}.cert.pem`);
}
