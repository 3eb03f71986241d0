import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { generateKeyPair } from '../../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../../core/x509/mint/mint.ts';
import { pageCertificates } from '../../../reports/html/page-certificates.ts';
import type { PageIndex } from '../../../reports/html/page-data.ts';
import { reportPage } from '../../../reports/html/report-page.ts';
import { dataInPage } from './data-in-page.ts';
import { played, playbackOf, sampleRun, sampleView } from '../sample-playback.ts';

async function minted() {
  const keys = await generateKeyPair('P-256');
  const { der } = await mintCertificate({
    subject: { commonName: 'meter' },
    keys,
    notBefore: 1_767_600_000_000,
    notAfter: 1_775_376_000_000,
    dnsNames: ['meter.example'],
    ipAddresses: ['10.0.0.7'],
    serialNumber: Buffer.from('0a0b0c', 'hex'),
  });
  // The parser of Node is independent of the tested code.
  return { der, other: new X509Certificate(der) };
}

test('a report page shows the same fields of a certificate as the parser of Node', async () => {
  const { der, other } = await minted();
  const thumbprint = other.fingerprint256.replaceAll(':', '');
  const run = sampleRun('a', 'pass', 'as expected', { certificates: { [thumbprint]: der.toString('base64') } });
  const found = pageCertificates([run, run]);
  expect(Object.keys(found)).toEqual([thumbprint]);
  expect(found[thumbprint]).toEqual({
    serial: other.serialNumber,
    version: 3,
    key: 'EC prime256v1',
    signature: 'ECDSA with SHA-256',
    names: ['DNS "meter.example"', 'IP 10.0.0.7'],
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['clientAuth'],
    basicConstraints: { ca: other.ca },
    critical: ['keyUsage', 'basicConstraints'],
    sha1: other.fingerprint.replaceAll(':', ''),
    der: other.raw.toString('base64'),
  });
});

test('a report has each certificate once, outside the runs, and skips octets that are not a certificate', async () => {
  const { der, other } = await minted();
  const thumbprint = other.fingerprint256.replaceAll(':', '');
  const certificates = { [thumbprint]: der.toString('base64'), ['F'.repeat(64)]: 'AAAA' };
  const runs = ['a', 'b'].map((id) => played(sampleRun(id, 'pass', 'as expected', { certificates })));
  const data = dataInPage(reportPage(playbackOf(runs), sampleView));
  expect(Object.keys(JSON.parse(data.get('certificates') ?? ''))).toEqual([thumbprint]);
  expect(data.get('block-0')).not.toContain(der.toString('base64'));
  const index: PageIndex = JSON.parse(data.get('index') ?? '');
  expect(index.entries).toHaveLength(2);
});
