import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';

/** How a hub recognises a device. Thumbprints are SHA-256 or SHA-1, hex; keys are raw bytes. */
export type IdentityAuthentication =
  | { readonly type: 'selfSigned'; readonly primaryThumbprint: string; readonly secondaryThumbprint?: string }
  /** By a CA that the owner of the hub has put there; the subject's common name is the device ID. */
  | { readonly type: 'certificateAuthority' }
  | { readonly type: 'sas'; readonly primaryKey: Buffer; readonly secondaryKey: Buffer };

/** What is said about a device when it is put into the registry. */
export interface IdentityTerms {
  readonly deviceId: string;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: IdentityAuthentication;
  readonly statusReason?: string | undefined;
  /** No IoT Edge device where absent. */
  readonly capabilities?: { readonly iotEdge: boolean };
  /** The scope of the edge device above it; null for none, as it was where absent. */
  readonly parentScope?: string | null;
}

/** A device in the registry of a hub, with what the registry notes about it. */
export interface Identity extends IdentityTerms {
  /** Tells the device apart from one of the same name that was there before. */
  readonly generationId: string;
  /** Unquoted: base64 of a number. */
  readonly etag: string;
  /** When it was last enabled or disabled; undefined where it never was. */
  readonly statusUpdatedAt: Millis | undefined;
}

/** The identity registry of one hub. Device IDs are told apart with case. */
export class Identities implements Store {
  readonly #identities = new WatchedMap<Identity>();
  readonly parts = { identities: this.#identities };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChange: (deviceId: string, identity: Identity | undefined) => void;

  /** @param onChange told of each identity that was put, and of each that is gone. */
  constructor(
    clock: Clock,
    random: Random,
    onChange: (deviceId: string, identity: Identity | undefined) => void = () => {},
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#onChange = onChange;
  }

  /** Creates, or replaces what is said and keeps what is noted. */
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

  /** In the order in which they were created. */
  all(): readonly Identity[] {
    return [...this.#identities.values()];
  }

  save(): readonly Identity[] {
    return this.all();
  }

  /** Nobody is told: no device is connected yet. */
  load(saved: readonly Identity[]): void {
    this.#identities.clear();
    for (const identity of saved) this.#identities.set(identity.deviceId, identity);
  }

  /** Returns whether there was one. */
  delete(deviceId: string): boolean {
    const found = this.#identities.delete(deviceId);
    if (found) this.#onChange(deviceId, undefined);
    return found;
  }

  #digits(length: number): string {
    return [...this.#random.bytes(length)].map((octet) => octet % 10).join('');
  }
}
