import { classicHubName } from '../../core/wire/hub-names.ts';
import { isoInstant, type Clock, type Millis } from '../../core/time/clock.ts';
import type { FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { DecisionTrace } from '../../core/history/decision.ts';
import { isValidAt } from '../../core/rules/is-valid-at.ts';
import { isAudience, isSignedWith, parseSas, sasToleranceMs, type SasToken } from '../../core/wire/sas.ts';
import { parseCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { verifyChain } from '../../core/x509/verify.ts';
import type { Credentials } from '../shared/credentials.ts';
import type { HubAccessPolicies } from './hub-access-policies.ts';
import type { Identities } from './registry/identities.ts';
import { readIdentityName, resourceOf } from './registry/identity-name.ts';
import { identifierIn, type DeviceRegistry } from '../registry/device-registry.ts';
import type { IdentityAuthentication } from '../shared/identity-authentication.ts';

/** The data with which a hub authenticates a device. */
interface Grounds {
  readonly host: string;
  readonly clock: Clock;
  readonly identities: Identities;
  readonly policies: HubAccessPolicies;
  /**
   * True if the hub refuses tokens that devices (or modules) sign with their own keys. The hub still accepts tokens of
   * shared access policies.
   */
  readonly disableDeviceSAS: boolean;
  readonly disableModuleSAS: boolean;
  /** The CAs that the owner of the hub added, in DER. */
  readonly authorities: readonly Buffer[];
  /** The device registry. The hub accepts certificates that this registry issues. */
  readonly registry: DeviceRegistry;
  readonly fidelity: FidelitySettings;
}

/** An accepted device or module. */
export interface Admission {
  /** Name of the identity: the device ID, or `{deviceId}/{moduleId}`. */
  readonly deviceId: string;
  readonly generationId: string;
  readonly method: IdentityAuthentication['type'];
  /** The owner of the credential: the device or module itself, or `hub` for a shared access policy of the hub. */
  readonly scope: 'device' | 'module' | 'hub';
  /** Expiry time of the token; Infinity if the device uses a certificate. */
  readonly expiresAt: Millis;
}

/**
 * Checks that an identity may connect with `credentials`. Returns undefined if a check failed. The modules of a
 * disabled device may not connect.
 *
 * @param deviceId name of the identity: the device ID, or `{deviceId}/{moduleId}`.
 */
export function admit(
  deviceId: string,
  { token, certificates }: Credentials,
  grounds: Grounds,
  trace: DecisionTrace,
): Admission | undefined {
  trace.check('hub-known', true, grounds.host, grounds.host);
  const identity = grounds.identities.find(deviceId);
  const { moduleId } = readIdentityName(deviceId);
  const owner = moduleId === undefined ? identity : grounds.identities.find(readIdentityName(deviceId).deviceId);
  if (
    !trace.check('hub-identity-found', identity !== undefined, deviceId, identity === undefined ? 'none' : deviceId) ||
    identity === undefined ||
    !trace.check('hub-identity-enabled', owner?.status === 'enabled', 'enabled', owner?.status ?? 'none')
  ) {
    return undefined;
  }
  const { authentication, generationId } = identity;
  const admission = {
    deviceId,
    generationId,
    method: authentication.type,
    scope: moduleId === undefined ? 'device' : 'module',
    expiresAt: Infinity,
  } as const;
  const read = token === undefined ? undefined : parseSas(token);
  if (read?.skn !== undefined) {
    const keys = grounds.policies.keysFor(read.skn, 'DeviceConnect');
    return admissionByToken({ ...admission, method: 'sas', scope: 'hub' }, read, keys, grounds, trace);
  }
  if (token === undefined && isIssuedBeside(authentication, certificates[0], grounds))
    return isIssued(deviceId, certificates, grounds, trace)
      ? { ...admission, method: 'certificateAuthority' }
      : undefined;
  const presented = token !== undefined ? 'sas' : certificates.length > 0 ? 'certificate' : 'nothing';
  const isKeyForbidden = moduleId === undefined ? grounds.disableDeviceSAS : grounds.disableModuleSAS;
  const wanted = authentication.type === 'sas' && !isKeyForbidden ? 'sas' : 'certificate';
  const setting = moduleId === undefined ? 'disableDeviceSAS' : 'disableModuleSAS';
  const expected =
    authentication.type === 'sas' && isKeyForbidden ? `no key, because of ${setting} of the hub` : wanted;
  if (!trace.check('hub-credential-type-matches', presented === wanted, expected, presented)) return undefined;
  switch (authentication.type) {
    case 'sas':
      return admissionByToken(
        admission,
        read,
        [authentication.primaryKey, authentication.secondaryKey],
        grounds,
        trace,
      );
    case 'selfSigned':
      return isPinned(authentication, certificates[0], grounds.clock, trace) ? admission : undefined;
    case 'certificateAuthority':
      return isIssued(deviceId, certificates, grounds, trace) ? admission : undefined;
  }
}

function admissionByToken(
  admission: Admission,
  token: SasToken | undefined,
  keys: readonly Buffer[],
  { host, clock }: Grounds,
  trace: DecisionTrace,
): Admission | undefined {
  const resource = `${host}/${resourceOf(admission.deviceId)}`;
  // The audience of a policy token may be the whole hub.
  const fits =
    token !== undefined &&
    [resource, ...(token.skn === undefined ? [] : [host])].some((each) => isAudience(classicHubName(token.sr), each));
  const found = token === undefined ? 'no token' : `sr=${token.sr}`;
  if (!trace.check('hub-token-well-formed', fits, `sr=${resource}`, found) || token === undefined) return undefined;
  const signed = keys.some((key) => isSignedWith(token, key));
  const expected =
    token.skn === undefined ? "the identity's primary or secondary key" : `a key of the policy ${token.skn}`;
  if (!trace.check('hub-token-signature-matches', signed, expected, signed ? 'match' : 'another key')) return undefined;
  const expiresAt = token.se * 1000;
  const now = clock.now();
  return trace.check(
    'hub-token-fresh',
    expiresAt + sasToleranceMs >= now,
    `at most 5 min after ${isoInstant(expiresAt)}`,
    isoInstant(now),
  )
    ? { ...admission, expiresAt }
    : undefined;
}

function isPinned(
  { primaryThumbprint, secondaryThumbprint }: IdentityAuthentication & { type: 'selfSigned' },
  leaf: Buffer | undefined,
  clock: Clock,
  trace: DecisionTrace,
): boolean {
  const read = parseCertificate(leaf ?? Buffer.alloc(0));
  const pinned = [primaryThumbprint, secondaryThumbprint ?? ''].map((each) => each.toUpperCase());
  const mine = read.ok ? [read.value.thumbprintSha256, read.value.thumbprintSha1] : [];
  const matches = mine.some((each) => pinned.includes(each));
  const expected = [...new Set(pinned)].filter((each) => each !== '').join(' or ');
  if (!trace.check('hub-thumbprint-matches', matches, expected, mine[0] ?? 'unreadable') || !read.ok) return false;
  trace.setCertificates([read.value]);
  const { notBefore, notAfter } = read.value;
  const now = clock.now();
  const span = `${isoInstant(notBefore)} to ${isoInstant(notAfter)}`;
  return trace.check('hub-certificate-valid-now', isValidAt(read.value, now), span, isoInstant(now));
}

function isIssued(
  deviceId: string,
  [leaf = Buffer.alloc(0), ...presented]: readonly Buffer[],
  grounds: Grounds,
  trace: DecisionTrace,
): boolean {
  const { host, authorities, clock, registry } = grounds;
  const read = parseCertificate(leaf);
  const name = read.ok ? (read.value.commonName ?? 'no common name') : 'unreadable';
  if (!trace.check('hub-common-name-matches', name === deviceId, deviceId, name)) return false;
  const anchors = [...authorities, ...registry.certificates.known(host)];
  const verdict = verifyChain({ leaf, presented, anchors, at: clock.now(), purpose: 'clientAuth' });
  trace.setCertificates(verdict.path);
  const identifier = read.ok ? identifierIn(read.value) : undefined;
  if (!verdict.ok) {
    const isExpired = identifier !== undefined && verdict.rule === 'valid-now' && verdict.depth === 0;
    const check = isExpired ? 'hub-certificate-valid-now' : 'hub-chain-trusted';
    return trace.check(check, false, verdict.expected, verdict.found);
  }
  if (!trace.check('hub-chain-trusted', true, 'a CA of the hub', 'one')) return false;
  if (identifier === undefined) return true;
  if (!isSynced(verdict.path.at(-1), grounds, trace)) return false;
  const current = registry.find(deviceId)?.identifier ?? 'none';
  return trace.check('hub-device-identifier-current', identifier === current, current, identifier);
}

/** Checks that the hub trusts the issuing CA at the end of a verified path. A CA that the owner of the hub added always passes. */
function isSynced(
  issuer: Certificate | undefined,
  { host, authorities, registry, clock }: Grounds,
  trace: DecisionTrace,
): boolean {
  if (issuer === undefined || authorities.some((each) => each.equals(issuer.der))) return true;
  const state = registry.certificates.trustOf(host, issuer.der, clock.now()) ?? 'none';
  return trace.check('hub-issuing-ca-synced', state === 'synced', 'synced', state);
}

/**
 * Returns true if a device presents a certificate of the device registry, its identity has a key or a thumbprint, and
 * the hub accepts this combination. The switch `issuedBesideOwnCredential` decides whether the hub accepts it.
 */
function isIssuedBeside({ type }: IdentityAuthentication, leaf: Buffer | undefined, { fidelity }: Grounds): boolean {
  if (type === 'certificateAuthority' || leaf === undefined || fidelity.issuedBesideOwnCredential === 'refuse')
    return false;
  const read = parseCertificate(leaf);
  return read.ok && identifierIn(read.value) !== undefined;
}
