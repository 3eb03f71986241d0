import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate signing request that OpenSSL made, and its key. */
export interface MadeRequest {
  readonly der: Buffer;
  /** The request in DER, encoded in base64 as a device sends it. */
  readonly csr: string;
  readonly keyPem: string;
}

/** Makes a certificate signing request with OpenSSL. @param key arguments of `openssl req -newkey`. */
export async function makeRequest(
  subject: string,
  key: readonly string[] = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
): Promise<MadeRequest> {
  const directory = await mkdtemp(join(tmpdir(), 'rehearsal-csr-'));
  try {
    const [out, keyOut] = [join(directory, 'csr.der'), join(directory, 'key.pem')];
    const ends = ['-nodes', '-subj', subject, '-outform', 'DER', '-out', out, '-keyout', keyOut];
    await promisify(execFile)('openssl', ['req', '-new', '-newkey', ...key, ...ends]);
    const der = await readFile(out);
    return { der, csr: der.toString('base64'), keyPem: await readFile(keyOut, 'utf8') };
  } finally {
    await rm(directory, { recursive: true });
  }
}
