import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Random } from '../../../core/random.ts';
import { defined } from '../../../core/defined.ts';
import type { Store } from '../../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../../core/cloud/watched-map.ts';
import type { IdentityAuthentication } from '../../shared/identity-authentication.ts';
import { identityName, readIdentityName } from './identity-name.ts';

/** The values of a device or module in a write to the registry. */
export interface IdentityTerms {
  readonly deviceId: string;
  /** The module; undefined for a device. */
  readonly moduleId?: string | undefined;
  /** The service that manages the module. Devices do not have this member. */
  readonly managedBy?: string | undefined;
  readonly status: 'enabled' | 'disabled';
  readonly authentication: IdentityAuthentication;
  readonly statusReason?: string | undefined;
  /** Capabilities of the device. Default: the device is not an IoT Edge device. */
  readonly capabilities?: { readonly iotEdge: boolean };
  /** The scope of the parent edge device; null removes the parent. Default: the parent does not change. */
  readonly parentScope?: string | null;
}

/** A device or module in the registry of a hub, with the metadata of the registry. */
export interface Identity extends IdentityTerms {
  /** ID that distinguishes the device from an earlier, deleted device with the same device ID. */
  readonly generationId: string;
  /** ETag without quotes: base64 of a number. */
  readonly etag: string;
  /** Instant at which the status last changed; undefined if the status never changed. */
  readonly statusUpdatedAt: Millis | undefined;
}

/** The identity registry of one hub: devices, and modules below them. IDs are case-sensitive. */
export class Identities implements Store {
  readonly #identities = new WatchedMap<Identity>();
  readonly #modules = new WatchedMap<Identity>();
  readonly parts = { identities: this.#identities, modules: this.#modules };
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onChange: (name: string, identity: Identity | undefined) => void;

  /**
   * @param onChange the registry calls it with the name and the new value of each written identity. The value is
   * undefined after a deletion.
   */
  constructor(
    clock: Clock,
    random: Random,
    onChange: (name: string, identity: Identity | undefined) => void = () => {},
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#onChange = onChange;
  }

  /** Creates an identity. If it exists, replaces its values and keeps its metadata. */
  put(terms: IdentityTerms): Identity {
    const { deviceId, moduleId, managedBy, status, authentication, statusReason, capabilities, parentScope } = terms;
    const name = identityName(terms);
    const former = this.find(name);
    const isSwitched = former !== undefined && former.status !== status;
    const identity: Identity = {
      deviceId,
      ...defined({ moduleId, managedBy }),
      status,
      authentication,
      statusReason,
      capabilities: capabilities ?? { iotEdge: false },
      parentScope: parentScope === undefined ? (former?.parentScope ?? null) : parentScope,
      generationId: former?.generationId ?? `6${this.#digits(17)}`,
      etag: Buffer.from(this.#digits(9)).toString('base64'),
      statusUpdatedAt: isSwitched ? this.#clock.now() : former?.statusUpdatedAt,
    };
    this.#mapOf(name).set(name, identity);
    this.#onChange(name, identity);
    return identity;
  }

  /** @param name the device ID, or `{deviceId}/{moduleId}`. */
  find(name: string): Identity | undefined {
    return this.#mapOf(name).get(name);
  }

  /** Returns the modules in the order of their creation. @param deviceId default: the modules of all devices. */
  modules(deviceId?: string): readonly Identity[] {
    const all = [...this.#modules.values()];
    return deviceId === undefined ? all : all.filter((each) => each.deviceId === deviceId);
  }

  /** Returns the devices in the order of their creation. */
  all(): readonly Identity[] {
    return [...this.#identities.values()];
  }

  save(): readonly Identity[] {
    return [...this.all(), ...this.modules()];
  }

  /** Restores saved identities. Does not call `onChange`, because no device is connected yet. */
  load(saved: readonly Identity[]): void {
    this.#identities.clear();
    this.#modules.clear();
    for (const identity of saved) {
      const name = identityName(identity);
      this.#mapOf(name).set(name, identity);
    }
  }

  /** Deletes an identity, and the modules of a device. Returns false if no identity has this name. */
  delete(name: string): boolean {
    const found = this.#mapOf(name).delete(name);
    for (const each of this.modules(name)) this.delete(identityName(each));
    if (found) this.#onChange(name, undefined);
    return found;
  }

  #mapOf(name: string): WatchedMap<Identity> {
    return readIdentityName(name).moduleId === undefined ? this.#identities : this.#modules;
  }

  #digits(length: number): string {
    return [...this.#random.bytes(length)].map((octet) => octet % 10).join('');
  }
}
