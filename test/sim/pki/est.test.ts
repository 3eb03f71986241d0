import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock, type Millis } from '../../../core/time/clock.ts';
import { firstFailed } from '../../../core/history/decision.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import { toPem } from '../../../core/x509/der/pem.ts';
import { requestCertificate } from '../../../sim/devices/issued-credential.ts';
import { SoftwareKeys } from '../../../sim/key-stores/software-keys.ts';
import { askPatiently } from '../../../sim/pki/ca-response.ts';
import { mintAuthorities } from '../../../sim/pki/authority.ts';
import { orderBatch } from '../../../sim/pki/batch.ts';
import { readCertsOnly, writeCertsOnly } from '../../../sim/pki/certs-only.ts';
import { askEst, estPaths, type EstClient } from '../../../sim/pki/est.ts';
import { mintWithOpenKey } from '../../../sim/pki/mint-with-open-key.ts';
import { ThirdPartyPki } from '../../../sim/pki/third-party.ts';
import { loadInterception } from '../../../sim/world/third-parties.ts';
import type { VendorWords } from '../../../sim/scenario/words/vendor-words.ts';

const run = promisify(execFile);
const dayMs = 86_400_000;
/** OpenSSL uses the clock of the computer, so its certificates must be valid now. */
const start: Millis = Date.now() - dayMs;

let folder: string;
const opened: ThirdPartyPki[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'est-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  for (const one of opened.splice(0)) one.close();
});

interface Vendor {
  readonly pki: ThirdPartyPki;
  readonly clock: VirtualClock;
  readonly station: EstClient;
  /** Returns the last decision of the vendor: the failed check, or `passed`. */
  readonly verdict: () => string;
}

/** Opens a vendor with one intermediate CA below its root; `words` are the settings of the vendor in a scenario. */
async function openVendor(words: VendorWords = {}): Promise<Vendor> {
  const clock = new VirtualClock(start);
  const history = new History(clock);
  const base = { kind: 'third-party', key: 'P-256', validity: 'P20Y' } as const;
  const specs = { root: base, vendor: { ...base, issuer: 'root', ...words } };
  const authorities = await mintAuthorities(specs, start, new Random('est'), mintWithOpenKey);
  const authority = authorities.get('vendor');
  if (authority === undefined) throw new Error('no authority');
  await loadInterception();
  const pki = new ThirdPartyPki({ authority, spec: specs.vendor, clock, history, random: new Random('vendor') });
  opened.push(pki);
  const verdict = (): string => {
    const last = history.events().findLast((event) => event.kind === 'decision');
    return last === undefined ? 'none' : (firstFailed(last)?.check ?? 'passed');
  };
  return { pki, clock, station: { kind: 'station', authorization: pki.authorization }, verdict };
}

async function given(asked: ReturnType<typeof askEst>): Promise<readonly Buffer[]> {
  const answer = await asked;
  if (!answer.ok) throw new Error(answer.failure.sentence);
  return answer.value;
}

async function write(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe('OpenSSL', () => {
  test('accepts name and signature of the certificate request of a device', async () => {
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const file = await write('request.der', Buffer.from(csr, 'base64'));
    const { stdout, stderr } = await run('openssl', [
      'req',
      '-inform',
      'DER',
      '-in',
      file,
      '-verify',
      '-noout',
      '-subject',
    ]);
    expect(stdout + stderr).toMatch(/verify OK/i);
    expect(stdout).toMatch(/CN ?= ?lock-1/);
  });

  test('reads the chain in the PKCS #7 response of EST, and verifies the leaf with this chain', async () => {
    const { pki, station } = await openVendor();
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const [leaf = Buffer.alloc(0)] = await given(askEst(pki.origin, csr, station));
    const answer = await fetch(`${pki.origin}${estPaths.cacerts}`);
    expect(answer.headers.get('content-type')).toMatch(/^application\/pkcs7-mime/);
    const pkcs7 = await write('cacerts.p7b', Buffer.from(await answer.text(), 'base64'));
    const pem = join(folder, 'cacerts.pem');
    await run('openssl', ['pkcs7', '-inform', 'DER', '-in', pkcs7, '-print_certs', '-out', pem]);
    expect(readFileSync(pem, 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const { stdout } = await run('openssl', ['verify', '-CAfile', pem, await write('leaf.pem', toPem(leaf))]);
    expect(stdout).toMatch(/OK/);
  });

  test('makes a PKCS #7 structure that `readCertsOnly` reads', async () => {
    const { pki } = await openVendor();
    const chain = readCertsOnly(Buffer.from(await (await fetch(`${pki.origin}${estPaths.cacerts}`)).text(), 'base64'));
    const pem = await write('chain.pem', (chain ?? []).map(toPem).join(''));
    const out = join(folder, 'made.p7b');
    await run('openssl', ['crl2pkcs7', '-nocrl', '-certfile', pem, '-outform', 'DER', '-out', out]);
    expect(readCertsOnly(readFileSync(out))?.map(String)).toEqual(chain?.map(String));
  });

  test('makes a request for which the vendor issues a certificate', async () => {
    const { pki } = await openVendor();
    const { stdout } = await run('openssl', [
      'req',
      '-new',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=lock-2',
      '-outform',
      'PEM',
    ]);
    // The body has line breaks, as curl sends it, because MIME permits line breaks in base64.
    const body = stdout.replaceAll(/-----[A-Z ]+-----/g, '');
    const answer = await fetch(`${pki.origin}${estPaths.simpleenroll}`, {
      method: 'POST',
      headers: { Authorization: pki.authorization },
      body,
    });
    expect(answer.status).toBe(200);
    const [leaf = Buffer.alloc(0), ...rest] = readCertsOnly(Buffer.from(await answer.text(), 'base64')) ?? [];
    expect(rest).toEqual([]);
    const file = await write('leaf.pem', toPem(leaf));
    expect((await run('openssl', ['x509', '-in', file, '-noout', '-subject'])).stdout).toMatch(/CN ?= ?lock-2/);
  });
});

test.each([Buffer.alloc(0), Buffer.from('rubbish'), writeCertsOnly([]).subarray(0, 9)])(
  '`readCertsOnly` rejects bytes that are not PKCS #7 (case %#)',
  (bytes) => {
    expect(readCertsOnly(bytes)).toBeUndefined();
  },
);

describe('a vendor with an EST server', () => {
  test.each<[string, EstClient]>([
    ['a station with another password', { kind: 'station', authorization: 'Basic bm9ib2R5Om5vdGhpbmc=' }],
    ['a device with random bytes for a certificate', { kind: 'device', certificate: Buffer.from('rubbish') }],
  ])('refuses %s', async (_name, client) => {
    const { pki, verdict } = await openVendor();
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    expect(await askEst(pki.origin, csr, client)).toMatchObject({ failure: { code: 'refused' } });
    expect(verdict()).toBe('pki-request-authorised');
  });

  test('renews a certificate only for the same name, and only if the old certificate chains to the root of the vendor', async () => {
    const [ours, theirs] = [await openVendor(), await openVendor()];
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const [leaf = Buffer.alloc(0)] = await given(askEst(ours.pki.origin, csr, ours.station));
    const device: EstClient = { kind: 'device', certificate: leaf };
    expect(await askEst(ours.pki.origin, csr, device)).toMatchObject({ ok: true });
    const other = await requestCertificate('lock-2', new SoftwareKeys());
    expect(await askEst(ours.pki.origin, other.csr, device)).toMatchObject({ failure: { code: 'refused' } });
    expect(ours.verdict()).toBe('pki-subject-unchanged');
    expect(await askEst(theirs.pki.origin, csr, device)).toMatchObject({ failure: { code: 'refused' } });
    expect(theirs.verdict()).toBe('pki-request-authorised');
  });

  test.each([
    [false, 'pki-certificate-valid-now'],
    [true, 'passed'],
  ])(
    'with `renewsExpired: %s` checks the renewal of an expired certificate with the result "%s"',
    async (renewsExpired, expected) => {
      const { pki, clock, station, verdict } = await openVendor({ leafValidity: 'P30D', renewsExpired });
      const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
      const [leaf = Buffer.alloc(0)] = await given(askEst(pki.origin, csr, station));
      await clock.run(() => clock.sleep(31 * dayMs));
      await askEst(pki.origin, csr, { kind: 'device', certificate: leaf });
      expect(verdict()).toBe(expected);
    },
  );

  test('issues no more certificates than its quota, over EST and in batches together', async () => {
    const { pki, station, verdict } = await openVendor({ quota: 3 });
    const { csr } = await requestCertificate('lock-0', new SoftwareKeys());
    await given(askEst(pki.origin, csr, station));
    const batch = await orderBatch(pki.origin, ['lock-1', 'lock-2', 'lock-3'], pki.authorization);
    expect(batch.ok ? [...batch.value.keys()] : batch).toEqual(['lock-1', 'lock-2']);
    expect(await askEst(pki.origin, csr, station)).toMatchObject({ failure: { code: 'refused' } });
    expect(verdict()).toBe('pki-quota-left');
  });

  test('with `answers: slow` issues a certificate to a waiting client after the configured issue time', async () => {
    const { pki, clock, station } = await openVendor({ answers: 'slow', issueTime: 'PT6H' });
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const ask = (): ReturnType<typeof askEst> => askEst(pki.origin, csr, station);
    await clock.run(async () => {
      expect(await askPatiently(ask, 3_600_000, clock)).toMatchObject({
        failure: { code: 'later', afterMs: 6 * 3_600_000 },
      });
      expect(await askPatiently(ask, dayMs, clock)).toMatchObject({ ok: true });
      expect(clock.now() - start).toBe(6 * 3_600_000);
    });
  });

  test('with a limit of two requests per minute answers the third request with `Retry-After`', async () => {
    const { pki, clock, station, verdict } = await openVendor({ perMinute: 2 });
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const ask = (): ReturnType<typeof askEst> => askEst(pki.origin, csr, station);
    await given(ask());
    await given(ask());
    expect(await ask()).toMatchObject({ failure: { code: 'later', afterMs: 60_000 } });
    expect(verdict()).toBe('pki-rate-kept');
    await clock.run(() => clock.sleep(60_000));
    await given(ask());
  });

  test('does not respond during an outage, and responds after it', async () => {
    const at = (ms: Millis): string => new Date(start + ms).toISOString();
    const { pki, clock, station } = await openVendor({ outage: { from: at(0), to: at(3_600_000) } });
    const { csr } = await requestCertificate('lock-1', new SoftwareKeys());
    const ask = (): ReturnType<typeof askEst> => askEst(pki.origin, csr, station);
    expect(await ask()).toMatchObject({ failure: { code: 'unreachable' } });
    expect(await clock.run(() => askPatiently(ask, dayMs, clock))).toMatchObject({ ok: true });
    expect(clock.now() - start).toBe(3_600_000);
  });

  test.each([
    ['GET', estPaths.simpleenroll, undefined, 404],
    ['POST', estPaths.simpleenroll, 'not a request', 400],
    ['POST', '/orders', '{"names":', 400],
    ['POST', '/orders', '{"names":[7]}', 400],
  ])('answers an invalid request (%s %s, body %s) with the status %i', async (method, path, body, status) => {
    const { pki } = await openVendor();
    const headers = { Authorization: pki.authorization };
    const answer = await fetch(`${pki.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    expect(answer.status).toBe(status);
  });
});
