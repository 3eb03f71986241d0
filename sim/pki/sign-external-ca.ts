import type { Millis } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import { extensionOids } from '../../core/x509/der/oids.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { issueCertificate, type Issued } from '../../core/x509/mint/mint.ts';
import { readSigningRequest } from '../../core/x509/signing-request.ts';
import type { Authority } from './authority.ts';

/** Mistakes that the PKI of a customer can make when it signs the request of an external CA. Each breaks one rule of the device registry. */
export const externalCaMistakes = [
  'rsa-key',
  'other-key',
  'other-subject',
  'not-critical',
  'path-length-0',
  'no-key-usage',
  'server-auth-only',
  'no-key-identifier',
  'starts-tomorrow',
  'lasts-11-months',
  'broken-chain',
  'no-pem',
] as const;

export type ExternalCaMistake = (typeof externalCaMistakes)[number];

interface Order {
  /** The signing request of the device registry, in PEM. */
  readonly request: string;
  readonly authority: Authority;
  readonly now: Millis;
  /** ISO 8601 duration from `now`. */
  readonly validity: string;
  readonly serialNumber: Buffer;
  readonly mistake?: ExternalCaMistake | undefined;
}

/**
 * Signs the request of an external CA with the profile that the device registry requires (azure-docs
 * `how-to-create-policy-external-certificate`), or with one mistake.
 * @returns the new certificate, and its chain in PEM up to the root.
 */
export async function signExternalCa(order: Order): Promise<{ readonly chain: string; readonly issued: Issued }> {
  const { request, authority, now, validity, serialNumber, mistake } = order;
  const read = readSigningRequest(request.replace(/-----[^-]*-----|\s/g, ''));
  if (!read.ok) throw new Error(`the signing request of the device registry is ${read.failure.sentence}`);
  const [commonName = ''] = read.value.commonNames;
  const isMistake = (each: ExternalCaMistake): boolean => mistake === each;
  const otherKey = isMistake('rsa-key') ? 'RSA-2048' : isMistake('other-key') ? 'P-384' : undefined;
  const notBefore = isMistake('starts-tomorrow') ? addDuration(now, 'P1D') : now;
  const issued = await issueCertificate({
    subject: { commonName: isMistake('other-subject') ? `other ${commonName}`.slice(0, 64) : commonName },
    publicKey: otherKey === undefined ? read.value.publicKey : (await generateKeyPair(otherKey)).publicKey,
    issuer: { certificate: authority.minted.certificate, keys: authority.minted.keys },
    notBefore: notBefore - (notBefore % 1000),
    notAfter: addDuration(now, isMistake('lasts-11-months') ? 'P11M' : validity),
    ca: { pathLength: isMistake('path-length-0') ? 0 : 1 },
    keyUsage: isMistake('no-key-usage') ? [] : ['digitalSignature', 'keyCertSign', 'cRLSign'],
    ...(isMistake('server-auth-only') ? { extendedKeyUsage: ['serverAuth'] } : {}),
    ...(isMistake('no-key-identifier') ? { without: ['subjectKeyIdentifier'] } : {}),
    ...(isMistake('not-critical') ? { extraExtensions: [constraintsNotCritical] } : {}),
    serialNumber,
  });
  const above = isMistake('broken-chain') ? authority.chain.slice(1) : authority.chain;
  const stray = isMistake('broken-chain') ? [issued] : [];
  const chain = [issued, ...stray, ...above].map(({ pem }) => pem).join('');
  return { chain: isMistake('no-pem') ? issued.der.toString('base64') : chain, issued };
}

/** Basic constraints of a CA with path length 1, not critical: SEQUENCE { BOOLEAN true, INTEGER 1 }. */
const constraintsNotCritical = {
  oid: extensionOids.basicConstraints,
  critical: false,
  value: Buffer.from('30060101ff020101', 'hex'),
};
