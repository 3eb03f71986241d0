import type { KeyObject } from 'node:crypto';
import type { CredentialPolicy } from '../../core/cloud/cloud.ts';
import { defaultFidelity, type FidelitySettings } from '../../core/cloud/fidelity.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import { defined } from '../../core/defined.ts';
import type { Random } from '../../core/random.ts';
import { isValidAt, type Validity } from '../../core/rules/is-valid-at.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { issueCertificate } from '../../core/x509/mint/mint.ts';
import { Authorities, keyOfPolicy } from './authorities.ts';
import { CaCertificates } from './ca-certificates.ts';
import type { PolicyRecord } from './ca-record.ts';
import { CredentialSync } from './credential-sync.ts';
import { IssuingCas } from './issuing-cas.ts';

/** A device in the registry. */
export interface RegisteredDevice {
  /** The identifier that issued certificates contain. A hub refuses certificates with an earlier identifier. */
  readonly identifier: string;
  /**
   * The policy that issues the certificates of the device: the result of `keyOfPolicy`, or only the name of the policy
   * in states that earlier versions saved.
   */
  readonly policy?: string;
  /** True if an operator disabled the device. */
  readonly isDisabled?: true;
}

/** An issued certificate with its chain in DER, from the leaf to the root. `thumbprint` is the SHA-256 of the leaf (hex). */
export interface IssuedChain {
  readonly chain: readonly Buffer[];
  readonly thumbprint: string;
}

interface RegistrySettings {
  /** Host names of the hubs that get the CAs. Default: none. */
  readonly hubs?: readonly string[];
  /** Milliseconds from a synchronisation until the hubs trust a CA. */
  readonly syncMs?: Millis;
  readonly fidelity?: FidelitySettings;
  /** Validity of every issued certificate in milliseconds. Default: the validity of the policy. */
  readonly issuedValidityMs?: Millis;
}

/**
 * The device registry: the CAs that issue certificates to devices, and the identifier of each device. Hubs trust every
 * certificate of a synchronised CA that contains the current identifier of the device.
 */
export class DeviceRegistry implements Store {
  readonly issuingCas: IssuingCas;
  readonly authorities: Authorities;
  readonly sync = new CredentialSync();
  readonly certificates: CaCertificates;
  readonly hubs: readonly string[];
  readonly syncMs: Millis;
  readonly #issuedValidityMs: Millis | undefined;
  readonly fidelity: FidelitySettings;
  readonly #random: Random;
  readonly #serials: Random;
  readonly #devices = new WatchedMap<RegisteredDevice>();
  readonly parts = { devices: this.#devices };

  constructor(
    policies: Readonly<Record<string, CredentialPolicy>>,
    random: Random,
    { hubs = [], syncMs = defaultSyncMs, fidelity = defaultFidelity, issuedValidityMs }: RegistrySettings = {},
  ) {
    this.hubs = hubs;
    this.syncMs = syncMs;
    this.#issuedValidityMs = issuedValidityMs;
    this.fidelity = fidelity;
    this.#random = random.fork('device-registry');
    this.#serials = random.fork('issued-certificates');
    this.issuingCas = new IssuingCas(random.fork('issuing-cas'));
    this.authorities = new Authorities(policies, random.fork('authorities'));
    this.certificates = new CaCertificates(this.authorities, this.issuingCas, this.sync);
  }

  save(): readonly (readonly [string, RegisteredDevice])[] {
    return [...this.#devices];
  }

  load(saved: readonly (readonly [string, RegisteredDevice])[]): void {
    this.#devices.clear();
    for (const [deviceId, device] of saved) this.#devices.set(deviceId, device);
  }

  find(deviceId: string): RegisteredDevice | undefined {
    return this.#devices.get(deviceId);
  }

  /** Returns all devices by device ID. */
  devices(): ReadonlyMap<string, RegisteredDevice> {
    return this.#devices;
  }

  /** Adds a device, or changes its policy. A known device keeps its identifier. */
  put(deviceId: string, policy: PolicyRecord): RegisteredDevice {
    const former = this.#devices.get(deviceId);
    const key = keyOfPolicy(policy);
    if (former?.policy === key) return former;
    const device = { identifier: this.#random.uuid(), ...former, policy: key };
    this.#devices.set(deviceId, device);
    return device;
  }

  /**
   * Gives a device a new identifier, so that hubs refuse all earlier certificates of the device. Returns false if the
   * registry does not have the device.
   */
  revoke(deviceId: string): boolean {
    const former = this.#devices.get(deviceId);
    if (former === undefined) return false;
    this.#devices.set(deviceId, { ...former, identifier: this.#random.uuid() });
    return true;
  }

  /** Enables or disables a device. Returns false if the registry does not have the device. */
  setEnabled(deviceId: string, isEnabled: boolean): boolean {
    const former = this.#devices.get(deviceId);
    if (former === undefined) return false;
    const { identifier, policy } = former;
    this.#devices.set(deviceId, {
      identifier,
      ...defined({ policy }),
      ...(isEnabled ? {} : { isDisabled: true as const }),
    });
    return true;
  }

  /** Returns the policy that issues the certificates of a device; undefined if the device or its policy does not exist. */
  policyOf(deviceId: string): PolicyRecord | undefined {
    const key = this.#devices.get(deviceId)?.policy;
    if (key === undefined) return undefined;
    return this.authorities.policies().find((policy) => keyOfPolicy(policy) === key || policy.name === key);
  }

  /** Describes the CA of a policy, and states whether the CA can issue certificates at `now`. */
  usability(policy: PolicyRecord, now: Millis): { readonly isUsable: boolean; readonly found: string } {
    const ca = this.authorities.find(policy);
    const name = `CA ${policy.certificateAuthority}`;
    if (ca === undefined) return { isUsable: false, found: `${name} does not exist` };
    if (ca.issuer === 'External' && ca.active === undefined)
      return { isUsable: false, found: `${name} is PendingActivation` };
    const certificate = this.certificates.present(ca)?.certificate;
    if (certificate === undefined || isValidAt(certificate, now)) return { isUsable: true, found: `${name} is active` };
    const { notBefore, notAfter } = certificate;
    return {
      isUsable: false,
      found: `the certificate of ${name} is valid from ${isoInstant(notBefore)} to ${isoInstant(notAfter)}, and it is ${isoInstant(now)}`,
    };
  }

  /** Returns the next instant after `now` at which the CA of a policy becomes usable or expires; Infinity if there is none. */
  nextUsabilityChange(policy: PolicyRecord, now: Millis): Millis {
    const ca = this.authorities.find(policy);
    const certificate = ca === undefined ? undefined : this.certificates.present(ca)?.certificate;
    if (certificate === undefined) return Infinity;
    const changes = [certificate.notBefore, certificate.notAfter + 1].filter((at) => at > now);
    return Math.min(Infinity, ...changes);
  }

  /** Returns the validity of a certificate that a policy issues at `now`. */
  validityOf(policy: PolicyRecord, now: Millis): Validity {
    const notBefore = now - (now % 1000);
    const notAfter = notBefore + (this.#issuedValidityMs ?? policy.validityDays * dayMs);
    const ca = this.authorities.find(policy);
    const end = ca === undefined ? undefined : this.certificates.present(ca)?.certificate.notAfter;
    const isShortened = this.fidelity.leafPastCaExpiry === 'shorten' && end !== undefined && end > notBefore;
    return { notBefore, notAfter: isShortened ? Math.min(notAfter, end) : notAfter };
  }

  /**
   * Issues a certificate with the identifier of the device. Returns undefined if the registry lacks the device, its policy or the
   * certificate of the CA.
   */
  async issue(
    deviceId: string,
    commonName: string,
    publicKey: KeyObject,
    now: Millis,
  ): Promise<IssuedChain | undefined> {
    const device = this.#devices.get(deviceId);
    const policy = this.policyOf(deviceId);
    const ca = policy === undefined ? undefined : this.authorities.find(policy);
    const issuer = ca === undefined ? undefined : await this.certificates.obtain(ca);
    if (device === undefined || policy === undefined || issuer === undefined) return undefined;
    const leaf = await issueCertificate({
      subject: { commonName },
      publicKey,
      uris: [uriOf(device.identifier)],
      issuer: { certificate: issuer.certificate, keys: issuer.keys },
      ...this.validityOf(policy, now),
      extendedKeyUsage: ['clientAuth'],
      serialNumber: this.#serials.bytes(16),
    });
    return { chain: [leaf.der, ...issuer.chain], thumbprint: leaf.certificate.thumbprintSha256 };
  }
}

/**
 * Returns the identifier in an issued certificate; undefined if the certificate has none. Azure does not document where
 * the certificate contains it. In this mock, the identifier is a URI in the extension subjectAltName.
 */
export function identifierIn({ subjectAltName }: Certificate): string | undefined {
  const uris = (subjectAltName ?? []).flatMap((name) => (name.form === 'uri' ? [name.text] : []));
  return uris.find((uri) => uri.startsWith(uriOf('')))?.slice(uriOf('').length);
}

function uriOf(identifier: string): string {
  return `urn:device-registry:device:${identifier}`;
}

const dayMs = 86_400_000;
/** Azure does not document the delay of a synchronisation. */
const defaultSyncMs: Millis = 5 * 60_000;
