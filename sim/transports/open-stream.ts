import { createConnection } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type SecureVersion,
} from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { defined } from '../../core/defined.ts';
import { type DecisionTrace, firstFailed, hasFailedCheck } from '../../core/history/decision.ts';
import type { History } from '../../core/history/history.ts';
import { isoInstant, withinRealTime } from '../../core/time/clock.ts';
import { webSocket } from '../../core/wire/dps-wire.ts';
import { peerChain } from '../../core/wire/peer-chain.ts';
import { offerSettings, type ClientTls } from '../../core/wire/tls/client-tls.ts';
import type { TlsVersion } from '../../core/wire/tls/tls-names.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { matchesHostname } from '../../core/x509/hostname.ts';
import type { IsRuleDisabled } from '../../core/x509/chain-rules.ts';
import { verifyChain } from '../../core/x509/verify.ts';
import { answerLimitMs, ConnectionRefused } from './dps-connection.ts';
import { handshakeByHelper, type Shaken } from './handshake-by-helper.ts';
import type { ClientIdentity, Peer } from './peer.ts';
import { serverEnd } from './server-end.ts';

/**
 * Opens a stream for MQTT or AMQP: a TLS connection whose server the device has accepted, or a WebSocket inside one. Returns undefined if
 * the device rejects the server; the history then has the decision.
 *
 * @throws ConnectionRefused if the server ends the handshake of TLS or of the WebSocket.
 */
export async function openStream(peer: Peer, history: History): Promise<Duplex | undefined> {
  if (peer.isPlain === true) return openPlainConnection(peer);
  const socket = await openTlsConnection(peer, history);
  if (socket === undefined || peer.subProtocol === undefined) return socket;
  const opened = new WebSocket(`wss://${peer.host}${webSocket.path}`, peer.subProtocol, {
    createConnection: () => socket,
    perMessageDeflate: false,
  });
  const ended = `${peer.host} refused the WebSocket: it closed the connection`;
  await withinRealTime(
    new Promise<void>((done, fail) => {
      opened.once('open', () => done());
      opened.once('error', (error) => {
        const how = isAnswer(error) ? error.message : serverEnd(error);
        fail(how === undefined ? error : new ConnectionRefused(`${peer.host} refused the WebSocket: ${how}`));
      });
      if (socket.destroyed) fail(new ConnectionRefused(ended));
      else socket.once('close', () => fail(new ConnectionRefused(ended)));
    }),
    answerLimitMs,
    `the WebSocket of ${peer.caller} to ${peer.host} did not open`,
  );
  return createWebSocketStream(opened);
}

/** Returns true if the server answered the request for a WebSocket with another HTTP status than 101. */
function isAnswer(error: Error): boolean {
  return error.message.startsWith('Unexpected server response');
}

/** Opens a connection without TLS, so no server is verified. */
async function openPlainConnection({ port, caller, host }: Peer): Promise<Duplex> {
  const socket = createConnection({ host: '127.0.0.1', port });
  socket.setNoDelay(true);
  await withinRealTime(
    new Promise<void>((done, fail) => {
      socket.once('connect', done);
      socket.once('error', fail);
    }),
    answerLimitMs,
    `the connection of ${caller} to ${host} did not open`,
  );
  return socket;
}

/**
 * Opens a TLS connection and verifies the server with the trust store and the clock of the device. If the device rejects the server, the
 * connection closes before it sends a byte, and the result is undefined. The history then has the decision.
 *
 * @throws ConnectionRefused if the server ends the handshake. The history then has the decision of the service.
 */
export async function openTlsConnection(peer: Peer, history: History): Promise<Duplex | undefined> {
  const { identity } = peer;
  const trace = history.trace('device', peer.caller, `server ${peer.host}`);
  const shaken =
    identity !== undefined && 'held' in identity
      ? await handshakeByHelper(peer, identity.chainPem, identity.held, handshakeLimitMs)
      : await handshakeHere(peer, identity);
  if (shaken.kind === 'refused')
    throw new ConnectionRefused(`${peer.host} refused the TLS handshake: ${shaken.sentence}`);
  if (shaken.kind === 'unable') {
    trace.check('credential-present', false, 'a key that signs the handshake', shaken.sentence);
  } else {
    if (peer.trustsAnyone !== true) judgeServer(shaken.chain, peer, trace);
    const decision = trace.decision();
    if (firstFailed(decision) === undefined) {
      if (hasFailedCheck(decision)) history.record({ kind: 'decision', ...decision });
      peer.onServerAccepted?.(shaken.chain);
      return shaken.stream;
    }
    shaken.stream.destroy();
  }
  history.record({ kind: 'decision', ...trace.decision() });
  return undefined;
}

async function handshakeHere(peer: Peer, identity: OpenIdentity | undefined): Promise<Shaken> {
  const secureContext = contextFor(identity, peer.tls);
  if (secureContext === undefined) return { kind: 'unable', sentence: 'the key does not match the certificate' };
  const socket = connect({
    host: '127.0.0.1',
    ...defined({ localAddress: peer.from }),
    port: peer.port,
    servername: peer.tls?.serverName === false ? '' : peer.host,
    secureContext,
    // OpenSSL would use the clock of the computer. The code below verifies the server with the clock of the device.
    rejectUnauthorized: false,
  });
  socket.setNoDelay(true);
  const refusal = await withinRealTime(
    new Promise<string | undefined>((done, fail) => {
      socket.once('secureConnect', () => done(undefined));
      socket.once('error', (error: NodeJS.ErrnoException) => {
        const how = serverEnd(error);
        if (how === undefined) fail(error);
        else done(how);
      });
    }),
    handshakeLimitMs,
    `the TLS handshake of ${peer.caller} with ${peer.host} did not end`,
  );
  if (refusal !== undefined) return { kind: 'refused', sentence: refusal };
  return { kind: 'shaken', stream: socket, chain: peerChain(socket) };
}

type OpenIdentity = Extract<ClientIdentity, { keyPem: string }>;

const handshakeLimitMs = 20_000;

/**
 * Returns the TLS context for a client certificate. A device loads certificate and key once and uses them for DPS and hub, as SDKs do.
 * Returns undefined if the key does not match the certificate. A device detects such a key earlier, unless a run disables that check.
 */
function contextFor(identity: OpenIdentity | undefined, tls: ClientTls = usualTls): SecureContext | undefined {
  const ofIdentity = contexts.get(identity ?? anonymous) ?? new Map<ClientTls, SecureContext>();
  contexts.set(identity ?? anonymous, ofIdentity);
  const known = ofIdentity.get(tls);
  if (known !== undefined) return known;
  const credentials = identity === undefined ? {} : { cert: identity.chainPem, key: identity.keyPem };
  const context = createContext({ ...credentials, ...contextOptions(tls) });
  if (context !== undefined) ofIdentity.set(tls, context);
  return context;
}

function contextOptions(tls: ClientTls): SecureContextOptions {
  const { oldest, newest, ciphers, ciphers13, groups } = offerSettings(tls);
  // The option `ciphers` has the suites of all versions.
  const chosen = [ciphers13, ciphers].filter(Boolean).join(':');
  return {
    minVersion: secureVersions[oldest],
    maxVersion: secureVersions[newest],
    ciphers: chosen === '' ? usualOffer.suites : chosen,
    ecdhCurve: groups ?? usualOffer.groups,
    sigalgs: usualOffer.signatureAlgorithms,
  };
}

/**
 * The offer of a device without TLS settings. The offer names all its values, because the defaults of OpenSSL differ between versions of
 * Node. A seed must give the same history with each version. The suites of TLS 1.2 are those of DPS.
 */
const usualOffer = {
  suites: [
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'TLS_AES_128_GCM_SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-SHA384',
    'ECDHE-RSA-AES256-SHA384',
    'ECDHE-ECDSA-AES128-SHA256',
    'ECDHE-RSA-AES128-SHA256',
  ].join(':'),
  groups: 'x25519:secp256r1:x448:secp521r1:secp384r1',
  signatureAlgorithms: [
    'ecdsa_secp256r1_sha256',
    'ecdsa_secp384r1_sha384',
    'ecdsa_secp521r1_sha512',
    'ed25519',
    'ed448',
    'rsa_pss_pss_sha256',
    'rsa_pss_pss_sha384',
    'rsa_pss_pss_sha512',
    'rsa_pss_rsae_sha256',
    'rsa_pss_rsae_sha384',
    'rsa_pss_rsae_sha512',
    'rsa_pkcs1_sha256',
    'rsa_pkcs1_sha384',
    'rsa_pkcs1_sha512',
  ].join(':'),
} as const;

function createContext(options: SecureContextOptions): SecureContext | undefined {
  try {
    return createSecureContext(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return undefined;
    throw error;
  }
}

const secureVersions: Readonly<Record<TlsVersion, SecureVersion>> = {
  'TLS 1.0': 'TLSv1',
  'TLS 1.1': 'TLSv1.1',
  'TLS 1.2': 'TLSv1.2',
  'TLS 1.3': 'TLSv1.3',
};

const contexts = new WeakMap<object, Map<ClientTls, SecureContext>>();
const anonymous = {};
const usualTls: ClientTls = {};

/**
 * Verifies the certificates of a server with the trust store, the clock and the rules of a device.
 * @param chain DER, leaf first.
 */
export function judgeServer([leaf, ...presented]: readonly Buffer[], peer: Peer, trace: DecisionTrace): void {
  const read = parseCertificate(leaf ?? Buffer.alloc(0));
  if (!read.ok) {
    trace.check('server-certificate-trusted', false, 'a certificate', read.failure.sentence);
    return;
  }
  // A device that ignores dates verifies the chain at an instant at which the leaf is valid.
  const at = peer.checksValidity ? peer.clock.now() : read.value.notBefore;
  const isRuleDisabled: IsRuleDisabled = (rule) =>
    trace.isDisabled(rule === 'valid-now' ? 'server-certificate-valid-now' : 'server-certificate-trusted');
  const verdict = verifyChain({
    leaf: read.value,
    presented,
    anchors: peer.roots,
    at,
    purpose: 'serverAuth',
    ...defined({ isDisabled: trace.hasDisabledCheck ? isRuleDisabled : undefined }),
  });
  trace.setCertificates(verdict.path);
  const broken = verdict.steps.filter((step) => !step.passed);
  const dated = broken.find(({ rule }) => rule === 'valid-now');
  const untrusted = broken.find(({ rule }) => rule !== 'valid-now');
  const expected = 'a chain to a trusted root';
  const sentence = untrusted === undefined ? expected : verdict.ok ? untrusted.found : verdict.sentence;
  if (!trace.check('server-certificate-trusted', untrusted === undefined, expected, sentence)) return;
  const [span, now] = dated === undefined ? ['valid', isoInstant(at)] : [dated.expected, dated.found];
  if (!trace.check('server-certificate-valid-now', dated === undefined, span, now)) return;
  const isNamed = matchesHostname(read.value, peer.host);
  trace.check('server-name-matches', isNamed, peer.host, isNamed ? peer.host : read.value.subject);
}
