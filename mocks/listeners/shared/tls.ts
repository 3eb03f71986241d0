import { constants } from 'node:crypto';
import type { SecureVersion, TlsOptions } from 'node:tls';
import type { ClientTimeouts } from '../../../core/cloud/cloud.ts';
import { opensslName } from '../../../core/wire/tls/cipher-suites.ts';
import type { HostTls } from '../../../core/wire/tls/judge-offer.ts';
import type { TlsVersion } from '../../../core/wire/tls/tls-names.ts';
import { defaultTlsProfile, tlsProfileOf } from '../../../core/wire/tls/tls-profiles.ts';
import type { ServerIdentity } from './server-identity.ts';

/** The TLS that a host supports: its settings, or everything that OpenSSL supports. */
export type SpokenTls = HostTls | 'everything';

/** Settings that accept every version and suite of OpenSSL, even the weak ones. A run uses them if a check of TLS is disabled. */
const everything: Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'> = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:ALL:@SECLEVEL=0',
};

/**
 * Returns the TLS settings of a host, with an optional client certificate. OpenSSL does not verify the client
 * certificate, because OpenSSL knows only the real time; the services verify the chain at their virtual time.
 *
 * @param host TLS settings of the host. Default: the settings of DPS.
 */
export function tlsSettings(
  identity: ServerIdentity,
  { handshakeMs }: ClientTimeouts,
  host: SpokenTls = tlsProfileOf(defaultTlsProfile).hosts.dps ?? 'everything',
): TlsOptions {
  return {
    cert: identity.chainPem,
    key: identity.keyPem,
    ...(host === 'everything' ? everything : versionsAndSuites(host)),
    dhparam: 'auto',
    requestCert: true,
    rejectUnauthorized: false,
    // Session resumption is off, because a resumed session does not contain the certificate chain of the client. Renegotiation
    // is off, because the service verifies only the first chain of the client.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    sessionTimeout: 1,
    handshakeTimeout: handshakeMs,
  };
}

function versionsAndSuites({ versions, suites }: HostTls): Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'> {
  const [oldest = 'TLS 1.2'] = versions;
  const ciphers = suites.flatMap((suite) => opensslName(suite) ?? []);
  // OpenSSL supports TLS 1.0 and 1.1, whose handshakes sign with SHA-1 and MD5, only at security level 0.
  if (oldest < 'TLS 1.2') ciphers.push('@SECLEVEL=0');
  return {
    minVersion: secureVersions[oldest],
    maxVersion: secureVersions[versions.at(-1) ?? 'TLS 1.2'],
    ciphers: ciphers.join(':'),
  };
}

const secureVersions: Readonly<Record<TlsVersion, SecureVersion>> = {
  'TLS 1.0': 'TLSv1',
  'TLS 1.1': 'TLSv1.1',
  'TLS 1.2': 'TLSv1.2',
  'TLS 1.3': 'TLSv1.3',
};
