import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { done, failed, type Result } from '../../core/result.ts';
import { withinRealTime } from '../../core/time/clock.ts';
import { offerSettings, type ClientTls } from '../../core/wire/tls/client-tls.ts';
import type { TlsVersion } from '../../core/wire/tls/tls-names.ts';
import { pemBlocks } from '../../core/x509/der/pem.ts';
import { serverChain } from './handshake-messages.ts';
import { brokenPartSentence } from '../processes/broken-parts.ts';
import { startTool } from '../processes/start-tool.ts';
import type { Tool } from '../processes/tool.ts';
import { HelperStream } from './helper-stream.ts';
import type { HeldHandshakeKey, Peer } from './peer.ts';

/**
 * `shaken`: a connection whose server the device has not verified yet. `unable`: the handshake failed because of the client key. `refused`:
 * the server ended the handshake, with or without an alert.
 */
export type Shaken =
  | { readonly kind: 'shaken'; readonly stream: Duplex; readonly chain: readonly Buffer[] }
  | { readonly kind: 'unable'; readonly sentence: string }
  | { readonly kind: 'refused'; readonly sentence: string };

/**
 * Makes a TLS handshake with a key in an HSM or a TPM, which Node cannot use. The helper process `openssl s_client` lets the key sign, and
 * afterwards carries the bytes of the connection. It sends no application data before the caller writes.
 * @param chainPem PEM of the leaf, followed by the rest of the chain.
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
  const server = ['-connect', `127.0.0.1:${peer.port}`, ...bound, ...serverNameWords(peer)];
  const certificateArguments = ['-cert', files.leaf, ...(files.hasChain ? ['-cert_chain', files.chain] : [])];
  const record = ['-msg', '-msgfile', files.messages];
  const helper = await startTool({
    program: 'openssl',
    words: [
      's_client',
      '-brief',
      '-nocommands',
      ...server,
      ...certificateArguments,
      ...record,
      ...offerWords(peer.tls),
      ...words,
    ],
    environment,
    streams: ['stdin', 'stdout', 'stderr'],
    missing: { part: 'openssl', remedy: 'apt-get install openssl' },
    onBroken: key.onBroken,
    isUsableEnd: (end, output) =>
      isAboutKey(output) || (end.code !== null && (isEstablished(output) || isAboutServer(output))),
  });
  void helper.closed.then(release);
  try {
    const handshake = await withinRealTime(
      handshakeOf(helper),
      limitMs,
      `the TLS handshake of ${peer.caller} with ${peer.host} by a helper process did not end`,
    );
    if (!handshake.ok) {
      const { code, sentence } = handshake.failure;
      return { kind: code === 'server-refuses' ? 'refused' : 'unable', sentence };
    }
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

function serverNameWords({ tls, host }: Peer): readonly string[] {
  return tls?.serverName === false ? ['-noservername'] : ['-servername', host];
}

/** Returns the arguments of `openssl s_client` for the TLS settings that a device offers. */
function offerWords(tls: ClientTls | undefined): readonly string[] {
  if (tls === undefined) return [];
  const { oldest, newest, ciphers, ciphers13, groups } = offerSettings(tls);
  const versions = ['-min_protocol', protocolOf(oldest), '-max_protocol', protocolOf(newest)];
  const lists = [
    ['-cipher', ciphers],
    ['-ciphersuites', ciphers13],
    ['-groups', groups],
  ] as const;
  return [...versions, ...lists.flatMap(([word, list]) => (list === undefined ? [] : [word, list]))];
}

/** Returns `TLSv1.2` for `TLS 1.2`. */
function protocolOf(version: TlsVersion): string {
  return version === 'TLS 1.0' ? 'TLSv1' : version.replace(' ', 'v');
}

/**
 * Succeeds after a complete handshake. Fails if the client key made the handshake impossible. Rejects if the helper process ended for
 * another reason, because that end does not come from the device.
 */
function handshakeOf(helper: Tool): Promise<Result<undefined>> {
  const established = new Promise<Result<undefined>>((end) => {
    helper.stderr.on('data', () => {
      if (isEstablished(helper.stderrTail)) end(done);
    });
  });
  const ended = helper.closed.then((end) => {
    const output = helper.stderrTail;
    const line = lineAboutKey(output);
    if (line !== undefined) return failed('key-makes-no-handshake', line);
    const alertLine = output.split('\n').find((each) => each.includes('SSL alert number')) ?? '';
    const alert = /(?:sslv3|tlsv13?) (?:alert )?([a-z ]+):/.exec(alertLine)?.[1];
    if (alert !== undefined) return failed('server-refuses', `alert ${alert}`);
    if (isClosedByServer(output)) return failed('server-refuses', 'it closed the connection');
    throw new Error(
      brokenPartSentence({ program: 'openssl s_client', end, lastLine: output.trim().split('\n').at(-1) ?? '' }),
    );
  });
  return Promise.race([established, ended]);
}

function isEstablished(output: string): boolean {
  return /^CONNECTION ESTABLISHED$/m.test(output);
}

/**
 * Error texts of OpenSSL, its PKCS #11 engine and its TPM provider. They mean that the key does not match the certificate, is missing, or
 * is refused by its store. `tpm:` marks a response code of the TPM, `tcti:` a code of its transport. The engine may crash with a
 * segmentation fault afterwards.
 */
const keyErrors = [
  /key values mismatch/,
  /:object not found:/,
  /private key was not found at/,
  /:PIN (incorrect|locked)/,
  /tpm2::[^:]+::-?\d+:\d+ tpm:/,
];

function isAboutKey(output: string): boolean {
  return keyErrors.some((pattern) => pattern.test(output));
}

/** Returns true if OpenSSL printed an error that means that the server ended the connection. */
function isAboutServer(output: string): boolean {
  return /SSL alert number|unexpected eof|errno=\d+|handshake failure/.test(output);
}

/**
 * Returns true if the server closed or reset the connection. Linux has error 104 (ECONNRESET) or 32 (EPIPE) for a reset, and 0 for a close.
 */
function isClosedByServer(output: string): boolean {
  return /unexpected eof|errno=(?:104|32|0)\b/.test(output);
}

/** Returns the line of the output that explains the problem with the client key, without the thread ID and the error code of OpenSSL. */
function lineAboutKey(output: string): string | undefined {
  const line = output.split('\n').find(isAboutKey);
  return line?.replace(/^[\dA-F]+:error:[\dA-F]+:/, '').slice(0, 200);
}

let made = 0;

/** Writes the files for one helper process, which no longer needs them after the handshake. */
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
