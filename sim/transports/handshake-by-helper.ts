import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withinRealTime } from '../../core/clock.ts';
import { serverChain } from './handshake-messages.ts';
import { startTool } from '../processes/start-tool.ts';
import type { Tool } from '../processes/tool.ts';
import { HelperStream } from './helper-stream.ts';
import type { HeldHandshakeKey, Peer } from './tls-connection.ts';

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

/** Resolves with what the helper said where it ended, and with nothing once both sides are done. */
function handshakeOf(helper: Tool): Promise<string | undefined> {
  let said = '';
  const established = new Promise<undefined>((done) => {
    helper.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-saidLimit);
      if (/^CONNECTION ESTABLISHED$/m.test(said)) done(undefined);
    });
  });
  return Promise.race([established, helper.closed.then(() => lastError(said))]);
}

const saidLimit = 4000;

/** The last of OpenSSL's lines, without the thread and the code. */
function lastError(said: string): string {
  const lines = said.trim().split('\n');
  const errors = lines.filter((line) => /error|unable|not/i.test(line) && !line.startsWith('verify error'));
  return (errors.at(-1) ?? lines.at(-1) ?? '').replace(/^[\dA-F]+:error:[\dA-F]+:/, '').slice(0, 200);
}

let made = 0;

/** Files for one helper, which it has read when the handshake is done. */
function writeFiles(folder: string, chainPem: string) {
  const name = join(folder, `handshake-${++made}`);
  const certificates = chainPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g) ?? [];
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
