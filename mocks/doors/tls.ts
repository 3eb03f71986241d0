import { constants } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { Patience } from '../../core/cloud.ts';
import type { ServerIdentity } from './server-identity.ts';

/**
 * TLS as DPS and hub offer it: 1.2 or newer, and a client certificate is asked for but not judged here. OpenSSL knows only
 * the computer's clock; the service judges the chain at its own now.
 */
export function tlsSettings(identity: ServerIdentity, { handshakeMs }: Patience): TlsOptions {
  return {
    cert: identity.chainPem,
    key: identity.keyPem,
    minVersion: 'TLSv1.2',
    requestCert: true,
    rejectUnauthorized: false,
    // A resumed session does not carry the client's chain, so there are none.
    secureOptions: constants.SSL_OP_NO_TICKET,
    sessionTimeout: 1,
    handshakeTimeout: handshakeMs,
  };
}
