import { defined } from '../../core/defined.ts';
import type { Party, SecretChange } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import type { Station } from '../world/station.ts';

/** A secret with a unique name. Each secret is exactly one object, so two secrets can be compared by identity. */
export type Secret = Pick<SecretChange, 'secret' | 'sort'>;

/**
 * A part of a place, such as the flash of a device, where secrets are stored. A secret in two locations at one place counts as one copy.
 */
export interface SecretLocation extends Pick<SecretChange, 'party' | 'place' | 'sealed'> {
  /** Distinguishes the locations at one place, such as `flash` and `chip` of a device. */
  readonly label: string;
}

/** Records in the history where copies of secrets are stored and when they are deleted. */
export class SecretsLedger {
  readonly #history: History;
  /** Number of secrets created so far for each name. */
  readonly #named = new Map<string, number>();
  readonly #known = new Map<unknown, Secret>();
  readonly #content = new Map<string, ReadonlySet<Secret>>();
  readonly #locations = new Map<string, SecretLocation>();
  /** Number of locations at one place, such as a device, that store the same secret. */
  readonly #copies = new Map<string, number>();

  constructor(history: History) {
    this.#history = history;
  }

  /**
   * Creates a secret. A second secret with the same name gets the suffix `, no. 2`.
   * @param material mark by which `find` later finds the secret: bytes or text of the key, or an object that represents it.
   */
  create(sort: Secret['sort'], name: string, material: unknown): Secret {
    const number = (this.#named.get(name) ?? 0) + 1;
    this.#named.set(name, number);
    const secret = { secret: number === 1 ? name : `${name}, no. ${number}`, sort };
    this.addMark(material, secret);
    return secret;
  }

  /** Adds another mark by which `find` finds the secret. */
  addMark(material: unknown, secret: Secret): void {
    this.#known.set(markOf(material), secret);
  }

  /** Returns the secret with this mark; undefined if no secret has it. */
  find(material: unknown): Secret | undefined {
    return this.#known.get(markOf(material));
  }

  /** Returns the secret with this mark. Creates the secret if none has the mark. */
  findOrCreate(material: unknown, sort: Secret['sort'], name: string): Secret {
    return this.find(material) ?? this.create(sort, name, material);
  }

  /** Sets the content of a location to exactly these secrets. Deletes all other secrets from this location. */
  setContent(location: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    const key = keyOf(location);
    const before = this.#content.get(key) ?? new Set();
    const after = new Set(secrets.filter((secret) => secret !== undefined));
    this.#content.set(key, after);
    this.#locations.set(key, location);
    for (const secret of before) if (!after.has(secret)) this.#change(secret, location, -1);
    for (const secret of after) if (!before.has(secret)) this.#change(secret, location, 1);
  }

  /** Adds secrets to a location. Its other secrets stay. */
  addContent(location: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    this.setContent(location, [...(this.#content.get(keyOf(location)) ?? []), ...secrets]);
  }

  /** Returns the secrets that an attacker can read at a place: those in locations that are not sealed. */
  readableAt(place: string): readonly Secret[] {
    return [...this.#locations]
      .filter(([, location]) => location.place === place && location.sealed !== true)
      .flatMap(([key]) => [...(this.#content.get(key) ?? [])]);
  }

  /**
   * Records that a party writes a secret into a device. This party can read the secret meanwhile, and also later if the station keeps
   * copies.
   * @param station the station that writes the secret; undefined if the timeline names none.
   * @param otherwise the party that writes the secret if the timeline names no station.
   */
  handOver(
    secret: Secret,
    station: Station | undefined,
    otherwise: { readonly party: Party; readonly place: string } = { party: 'manufacturer', place: 'line' },
  ): void {
    if (station !== undefined) {
      const location = transitAt(station);
      this.addContent(station.keepsCopies ? { ...location, label: 'copies' } : location, [secret]);
      return;
    }
    const transit = { ...otherwise, label: 'transit' };
    this.addContent(transit, [secret]);
    this.setContent(transit, []);
  }

  /**
   * Deletes from a station the secrets that the station has just written into a device, because the device leaves the station. Copies that
   * the station keeps stay.
   */
  clearStation(station: Station): void {
    this.setContent(transitAt(station), []);
  }

  #change({ secret, sort }: Secret, { party, place, sealed }: SecretLocation, by: 1 | -1): void {
    const copy = JSON.stringify([secret, party, place, sealed]);
    const before = this.#copies.get(copy) ?? 0;
    this.#copies.set(copy, before + by);
    // Several locations at a place count as one copy: only the first location adds the copy, and only the last one removes it.
    if (Math.max(before, before + by) > 1) return;
    const change = by === 1 ? 'held' : 'dropped';
    this.#history.record({ kind: 'secret', secret, sort, party, place, ...defined({ sealed }), change });
  }
}

function keyOf({ party, place, label }: SecretLocation): string {
  return JSON.stringify([party, place, label]);
}

function transitAt({ party, name }: Station): SecretLocation {
  return { party, place: name, label: 'transit' };
}

/** Returns a value that is equal for equal keys: two buffers with the same bytes are the same key. */
function markOf(material: unknown): unknown {
  return Buffer.isBuffer(material) ? material.toString('base64') : material;
}
