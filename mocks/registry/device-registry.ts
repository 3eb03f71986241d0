import type { KeyObject } from 'node:crypto';
import type { CredentialPolicy } from '../../core/cloud/cloud.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Random } from '../../core/random.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { Certificate } from '../../core/x509/certificate.ts';
import { IssuingCas, type IssuedChain } from './issuing-cas.ts';

/** A device in the registry. */
export interface RegisteredDevice {
  /** The identifier that issued certificates contain. A hub refuses certificates with an earlier identifier. */
  readonly identifier: string;
  /** The credential policy that issues the certificates of the device. */
  readonly policy: string;
}

/**
 * The device registry: the CAs that issue certificates to devices, and the identifier of each device. Hubs trust every
 * certificate of these CAs that contains the current identifier of the device.
 */
export class DeviceRegistry implements Store {
  readonly issuingCas: IssuingCas;
  readonly #random: Random;
  readonly #devices = new WatchedMap<RegisteredDevice>();
  readonly parts = { devices: this.#devices };

  constructor(policies: Readonly<Record<string, CredentialPolicy>>, random: Random) {
    this.#random = random.fork('device-registry');
    this.issuingCas = new IssuingCas(policies, random.fork('issuing-cas'));
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

  /** Adds a device, or changes its policy. A known device keeps its identifier. */
  put(deviceId: string, policy: string): RegisteredDevice {
    const former = this.#devices.get(deviceId);
    if (former?.policy === policy) return former;
    const device = { identifier: former?.identifier ?? this.#random.uuid(), policy };
    this.#devices.set(deviceId, device);
    return device;
  }

  /**
   * Gives a device a new identifier, so that hubs refuse all certificates that were issued to it. Returns false if the registry does
   * not have the device.
   */
  revoke(deviceId: string): boolean {
    const former = this.#devices.get(deviceId);
    if (former === undefined) return false;
    this.#devices.set(deviceId, { ...former, identifier: this.#random.uuid() });
    return true;
  }

  /** Issues a certificate with the identifier of the device. Returns undefined if the registry lacks the device or its policy. */
  async issue(
    deviceId: string,
    commonName: string,
    publicKey: KeyObject,
    now: Millis,
  ): Promise<IssuedChain | undefined> {
    const device = this.#devices.get(deviceId);
    if (device === undefined) return undefined;
    return this.issuingCas.issue(device.policy, { commonName, publicKey, uri: uriOf(device.identifier) }, now);
  }

  /** Returns the CAs, in DER, whose certificates the hubs trust. */
  trustedCas(): readonly Buffer[] {
    return this.issuingCas.issuers();
  }
}

/**
 * Returns the identifier in an issued certificate; undefined if it has none. Azure does not document its place: here it is a URI in
 * the extension subjectAltName.
 */
export function identifierIn({ subjectAltName }: Certificate): string | undefined {
  const uris = (subjectAltName ?? []).flatMap((name) => (name.form === 'uri' ? [name.text] : []));
  return uris.find((uri) => uri.startsWith(uriOf('')))?.slice(uriOf('').length);
}

function uriOf(identifier: string): string {
  return `urn:device-registry:device:${identifier}`;
}
