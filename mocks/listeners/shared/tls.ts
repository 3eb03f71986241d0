import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
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
