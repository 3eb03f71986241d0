import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mint, shows } from '../../../clients/certificates.ts';
import { dpsToken, individual, symmetricKeys } from '../../../clients/credentials.ts';
import { idScope, openCloud, type OpenCloud } from '../../../clients/open-cloud.ts';
import { pemOf } from '../../../clients/raw-https.ts';
import { countEachAs } from '../../../../sdk/sdk-row.ts';
import { protonMissing, python } from './proton-present.ts';

describe.skipIf(protonMissing)('Qpid Proton, an AMQP client independent of rhea', () => {
  countEachAs('Qpid Proton', 'amqp', 'key');
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-proton-'));
  const keys = symmetricKeys();
  let open: OpenCloud;

  beforeAll(async () => {
    open = await openCloud({ assignmentMs: 0 });
    open.cloud.operator.putEnrollment(individual('dev', keys));
    writeFileSync(join(folder, 'root.pem'), pemOf(open.cloud.serverRoot));
  });
  afterAll(async () => {
    await open.cloud.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the client program with Qpid Proton and returns its output lines. */
  async function run(id: string, ...proof: string[]): Promise<Record<string, unknown>[]> {
    const script = join(import.meta.dirname, 'register.py');
    const words = [script, String(open.cloud.ports.amqp), join(folder, 'root.pem'), idScope, id, ...proof];
    const { stdout } = await promisify(execFile)(python, words, { timeout: 20_000 });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  const assigned = [
    {
      answer: { status: 'assigning', operationId: expect.any(String) as string },
      sameCorrelation: true,
      properties: { 'retry-after': 3, 'Retry-After': 3 },
    },
    { answer: { status: 'assigned', registrationState: { status: 'assigned' } }, sameCorrelation: true },
  ];

  test('registers with a token', async () => {
    expect(await run('dev', '--token', dpsToken(keys.primaryKey, 'dev'))).toMatchObject(assigned);
  });

  test('registers with a certificate, without SASL', async () => {
    const leaf = await mint('cert');
    open.cloud.operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }));
    const { cert, key } = shows(leaf);
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    expect(await run('cert', '--certificate', certFile, keyFile)).toMatchObject(assigned);
  });

  test('reads the reason of a rejection', async () => {
    const [line] = await run('dev', '--token', dpsToken(randomBytes(32), 'dev'));
    expect(line?.['condition']).toBe('amqp:unauthorized-access');
    expect(JSON.parse(String(line?.['description']))).toMatchObject({ errorCode: 401_000, message: 'Unauthorized' });
  });
});
