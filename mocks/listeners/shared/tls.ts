import { constants } from 'node:crypto';
import type { Server, TlsOptions } from 'node:tls';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import type { ServerIdentity } from './server-identity.ts';

/**
 * The documented cipher suites of TLS 1.2 (iot-dps/tls-support, iot-hub-tls-support): four for each kind of server key, without
 * RSA key exchange, SHA-1, CHACHA20 and CCM. For TLS 1.3 the default list of OpenSSL applies.
 */
const cipherSuites = ['RSA', 'ECDSA'].flatMap((key) => [
  `ECDHE-${key}-AES256-GCM-SHA384`,
  `ECDHE-${key}-AES128-GCM-SHA256`,
  `ECDHE-${key}-AES256-SHA384`,
  `ECDHE-${key}-AES128-SHA256`,
]);
const cipherSuitesOf13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/**
 * Returns the TLS settings of DPS and hub: TLS 1.2 or newer, with an optional client certificate. OpenSSL does not verify it,
 * because OpenSSL knows only the real time; the services verify the chain at their virtual time.
 */
export function tlsSettings(identity: ServerIdentity, { handshakeMs }: ClientTimeouts): TlsOptions {
  return {
    cert: identity.chainPem,
    key: identity.keyPem,
    minVersion: 'TLSv1.2',
    ciphers: [...cipherSuitesOf13, ...cipherSuites].join(':'),
    requestCert: true,
    rejectUnauthorized: false,
    // Session resumption is off, because a resumed session does not contain the certificate chain of the client. Renegotiation
    // is off, because the service verifies only the first chain of the client.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    sessionTimeout: 1,
    handshakeTimeout: handshakeMs,
  };
}

/**
 * Returns the TLS settings of a server without its certificate and its cipher suites, of which OpenSSL would make a context at once.
 * `useIdentity` sets them.
 */
export function settingsBeforeIdentity(clientTimeouts: ClientTimeouts): TlsOptions {
  const { cert: _cert, key: _key, ciphers: _ciphers, ...settings } = tlsSettings(noIdentity, clientTimeouts);
  return settings;
}

const noIdentity: ServerIdentity = { chainPem: '', keyPem: '' };

/**
 * Gives a server its certificate for all later connections. The context is made at the next connection: most runs use one or two
 * of the listeners, and OpenSSL needs milliseconds to load an RSA key.
 */
export function useIdentity(server: Server, identity: ServerIdentity, clientTimeouts: ClientTimeouts): void {
  const isFirst = !awaited.has(server);
  awaited.set(server, () => server.setSecureContext(tlsSettings(identity, clientTimeouts)));
  if (!isFirst) return;
  // Before the listener of Node, which starts the handshake.
  server.prependListener('connection', () => {
    awaited.get(server)?.();
    awaited.set(server, undefined);
  });
}

/** The work of a server before its next connection. */
const awaited = new WeakMap<Server, (() => void) | undefined>();
