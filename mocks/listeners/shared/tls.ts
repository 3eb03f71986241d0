import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import type { ServerIdentity } from './server-identity.ts';

/**
 * The documented suites of TLS 1.2 (iot-dps/tls-support, iot-hub-tls-support): four of each kind of server key. No RSA key
 * exchange, SHA-1, CHACHA20 or CCM. Those of TLS 1.3 are OpenSSL's own list.
 */
const cipherSuites = ['RSA', 'ECDSA'].flatMap((key) => [
  `ECDHE-${key}-AES256-GCM-SHA384`,
  `ECDHE-${key}-AES128-GCM-SHA256`,
  `ECDHE-${key}-AES256-SHA384`,
  `ECDHE-${key}-AES128-SHA256`,
]);
const cipherSuitesOf13 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'];

/**
 * TLS as DPS and hub offer it: 1.2 or newer, and a client certificate is asked for but not judged here. OpenSSL knows only
 * the computer's clock; the service judges the chain at its own now.
 */
export function tlsSettings(identity: ServerIdentity, { handshakeMs }: ClientTimeouts): TlsOptions {
  return {
    cert: identity.chainPem,
    key: identity.keyPem,
    minVersion: 'TLSv1.2',
    ciphers: [...cipherSuitesOf13, ...cipherSuites].join(':'),
    requestCert: true,
    rejectUnauthorized: false,
    // A resumed session does not carry the client's chain, so sessions are not resumed. Nor are they renegotiated: the chain
    // that a connection showed first is the one that it is judged by.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    sessionTimeout: 1,
    handshakeTimeout: handshakeMs,
  };
}
