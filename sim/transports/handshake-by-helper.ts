import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withinRealTime } from '../../core/time/clock.ts';
import { pemBlocks } from '../../core/x509/der/pem.ts';
import { serverChain } from './handshake-messages.ts';
import { brokenPartSentence } from '../processes/broken-parts.ts';
import { startTool } from '../processes/start-tool.ts';
import type { Tool } from '../processes/tool.ts';
import { HelperStream } from './helper-stream.ts';
import type { HeldHandshakeKey, Peer } from './peer.ts';

/** A connection whose server is still to be judged, or why the key did not make one. */
export type Shaken =
  | { readonly kind: 'shaken'; readonly stream: HelperStream; readonly chain: readonly Buffer[] }
  | { readonly kind: 'unable'; readonly sentence: string };

/**
 * Makes a TLS handshake with a key that Node cannot use, because it is in a security module or a TPM: `openssl s_client`
 * asks the key for its signature and carries the bytes from then on. It sends nothing of ours before we write.
 *
 * @param chainPem what is shown: the leaf, then the rest of the chain.
 */
export async function handshakeByHelper(
  peer: Peer,
  chainPem: string,
  key: HeldHandshakeKey,
  limitMs: number,
): Promise<Shaken> {
  const { words, environment, release } = await key.access();
  const files = writeFiles(key.folder, chainPem);
  const bound = peer.from === undefined ? [] : ['-bind', `${peer.from}:0`];
  const server = ['-connect', `127.0.0.1:${peer.port}`, ...bound, '-servername', peer.host];
  const shown = ['-cert', files.leaf, ...(files.hasChain ? ['-cert_chain', files.chain] : [])];
  const record = ['-msg', '-msgfile', files.messages];
  const helper = await startTool({
    program: 'openssl',
    words: ['s_client', '-brief', '-nocommands', ...server, ...shown, ...record, ...words],
    environment,
    streams: ['stdin', 'stdout', 'stderr'],
    missing: { part: 'openssl', remedy: 'apt-get install openssl' },
    isUsableEnd: (end, said) => isAboutKey(said) || (end.code !== null && (isEstablished(said) || isAboutServer(said))),
  });
  void helper.closed.then(release);
  try {
    const problem = await withinRealTime(
      handshakeOf(helper),
      limitMs,
      `the TLS handshake of ${peer.caller} with ${peer.host} by a helper process did not end`,
    );
    if (problem !== undefined) return { kind: 'unable', sentence: problem };
    return {
      kind: 'shaken',
      stream: new HelperStream(helper),
      chain: serverChain(readFileSync(files.messages, 'latin1')),
    };
  } catch (error) {
    helper.kill();
    throw error;
  } finally {
    for (const file of [files.leaf, files.chain, files.messages]) rmSync(file, { force: true });
  }
}

/**
 * Resolves with the error of the key if the key made no handshake, and with nothing once both sides are done. Rejects if the helper
 * ended for another reason: that says nothing about the device.
 */
function handshakeOf(helper: Tool): Promise<string | undefined> {
  const established = new Promise<undefined>((done) => {
    helper.stderr.on('data', () => {
      if (isEstablished(helper.lastWords)) done(undefined);
    });
  });
  const ended = helper.closed.then((end) => {
    const said = helper.lastWords;
    const keyError = keyErrorIn(said);
    if (keyError !== undefined) return keyError;
    throw new Error(
      brokenPartSentence({ program: 'openssl s_client', end, lastLine: said.trim().split('\n').at(-1) ?? '' }),
    );
  });
  return Promise.race([established, ended]);
}

function isEstablished(said: string): boolean {
  return /^CONNECTION ESTABLISHED$/m.test(said);
}

/**
 * What OpenSSL, its PKCS #11 engine and its TPM provider print if the device's key is another than the certificate's, is gone, or
 * its store refuses it. `tpm:` marks a response code of the TPM itself, `tcti:` one of the way to it. The engine may end with a
 * segmentation fault after it.
 */
const keyErrors = [
  /key values mismatch/,
  /:object not found:/,
  /private key was not found at/,
  /:PIN (incorrect|locked)/,
  /tpm2::[^:]+::-?\d+:\d+ tpm:/,
];

function isAboutKey(said: string): boolean {
  return keyErrors.some((pattern) => pattern.test(said));
}

/** What OpenSSL prints if the server ends the connection. */
function isAboutServer(said: string): boolean {
  return /SSL alert number|unexpected eof|errno=\d+|handshake failure/.test(said);
}

/** The line about the key, without the thread and the code of OpenSSL. */
function keyErrorIn(said: string): string | undefined {
  const line = said.split('\n').find(isAboutKey);
  return line?.replace(/^[\dA-F]+:error:[\dA-F]+:/, '').slice(0, 200);
}

let made = 0;

/** Files for one helper, which it has read when the handshake is done. */
function writeFiles(folder: string, chainPem: string) {
  const name = join(folder, `handshake-${++made}`);
  const certificates = pemBlocks(chainPem).map((block) => `${block}\n`);
  const files = {
    leaf: `${name}.leaf`,
    chain: `${name}.chain`,
    hasChain: certificates.length > 1,
    messages: `${name}.messages`,
  };
  writeFileSync(files.leaf, certificates[0] ?? '', { mode: 0o600 });
  writeFileSync(files.chain, certificates.slice(1).join(''), { mode: 0o600 });
  writeFileSync(files.messages, '', { mode: 0o600 });
  return files;
}
