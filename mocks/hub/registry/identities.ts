import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';

/** The values of a device in a write to the registry. */
export interface IdentityTerms {
  readonly deviceId: string;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: IdentityAuthentication;
  readonly statusReason?: string | undefined;
  /** Capabilities of the device. Default: the device is not an IoT Edge device. */
  readonly capabilities?: { readonly iotEdge: boolean };
  /** The scope of the parent edge device; null removes the parent. Default: the parent does not change. */
  readonly parentScope?: string | null;
}

/** A device in the registry of a hub, with the metadata of the registry. */
export interface Identity extends IdentityTerms {
  /** ID that distinguishes the device from an earlier, deleted device with the same device ID. */
  readonly generationId: string;
  /** ETag without quotes: base64 of a number. */
  readonly etag: string;
  /** Instant at which the status last changed; undefined if it never changed. */
  readonly statusUpdatedAt: Millis | undefined;
}

/** The identity registry of one hub. Device IDs are case-sensitive. */
export class Identities implements Store {
  readonly #identities = new WatchedMap<Identity>();
  readonly parts = { identities: this.#identities };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChange: (deviceId: string, identity: Identity | undefined) => void;

  /** @param onChange is called with each written identity, and with undefined after a deletion. */
  constructor(
    clock: Clock,
    random: Random,
    onChange: (deviceId: string, identity: Identity | undefined) => void = () => {},
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#onChange = onChange;
  }

  /** Creates an identity. If it exists, replaces its values and keeps its metadata. */
  put({ deviceId, status, authentication, statusReason, capabilities, parentScope }: IdentityTerms): Identity {
    const former = this.#identities.get(deviceId);
    const isSwitched = former !== undefined && former.status !== status;
    const identity: Identity = {
      deviceId,
      status,
      authentication,
      statusReason,
      capabilities: capabilities ?? { iotEdge: false },
      parentScope: parentScope === undefined ? (former?.parentScope ?? null) : parentScope,
      generationId: former?.generationId ?? `6${this.#digits(17)}`,
      etag: Buffer.from(this.#digits(9)).toString('base64'),
      statusUpdatedAt: isSwitched ? this.#clock.now() : former?.statusUpdatedAt,
    };
    this.#identities.set(deviceId, identity);
    this.#onChange(deviceId, identity);
    return identity;
  }

  find(deviceId: string): Identity | undefined {
    return this.#identities.get(deviceId);
  }

  /** Returns the identities in the order of their creation. */
  all(): readonly Identity[] {
    return [...this.#identities.values()];
  }

  save(): readonly Identity[] {
    return this.all();
  }

  /** Restores saved identities. Does not call `onChange`, because no device is connected yet. */
  load(saved: readonly Identity[]): void {
    this.#identities.clear();
    for (const identity of saved) this.#identities.set(identity.deviceId, identity);
  }

  /** Deletes an identity. Returns false if no identity has this device ID. */
  delete(deviceId: string): boolean {
    const found = this.#identities.delete(deviceId);
    if (found) this.#onChange(deviceId, undefined);
    return found;
  }

  #digits(length: number): string {
    return [...this.#random.bytes(length)].map((octet) => octet % 10).join('');
  }
}
