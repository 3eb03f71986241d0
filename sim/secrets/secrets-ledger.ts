import { defined } from '../../core/defined.ts';
import type { Party, SecretChange } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import type { Station } from '../world/station.ts';

/** A secret, known by its name. Each secret is exactly one object, so that two of them can be compared by identity. */
export type Secret = Pick<SecretChange, 'secret' | 'sort'>;

/** A part of a place that stores secrets. A place that stores a secret in two locations still counts as one copy. */
export interface SecretLocation extends Pick<SecretChange, 'party' | 'place' | 'sealed'> {
  /** Distinguishes the locations of one place, such as `flash` and `chip` of a device. */
  readonly label: string;
}

/** Records in the history where copies of secrets are stored and when they are deleted. */
export class SecretsLedger {
  readonly #history: History;
  /** Number of secrets that have had each name. */
  readonly #named = new Map<string, number>();
  readonly #known = new Map<unknown, Secret>();
  readonly #content = new Map<string, ReadonlySet<Secret>>();
  readonly #locations = new Map<string, SecretLocation>();
  /** Number of locations of a place that store a secret. */
  readonly #copies = new Map<string, number>();

  constructor(history: History) {
    this.#history = history;
  }

  /**
   * Creates a secret. The second secret of a name gets the suffix `, no. 2`.
   *
   * @param material mark by which `find` finds it later: bytes or text of the key, or an object that represents it.
   */
  create(sort: Secret['sort'], name: string, material: unknown): Secret {
    const number = (this.#named.get(name) ?? 0) + 1;
    this.#named.set(name, number);
    const secret = { secret: number === 1 ? name : `${name}, no. ${number}`, sort };
    this.addMark(material, secret);
    return secret;
  }

  /** Adds another mark by which `find` finds a secret. */
  addMark(material: unknown, secret: Secret): void {
    this.#known.set(markOf(material), secret);
  }

  /** Returns the secret with this mark, or undefined if there is none. */
  find(material: unknown): Secret | undefined {
    return this.#known.get(markOf(material));
  }

  /** Returns the secret with this mark. Creates it if there is none. */
  findOrCreate(material: unknown, sort: Secret['sort'], name: string): Secret {
    return this.find(material) ?? this.create(sort, name, material);
  }

  /** Makes a location store exactly these secrets: copies of all others are deleted from it. */
  setContent(location: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    const key = keyOf(location);
    const before = this.#content.get(key) ?? new Set();
    const after = new Set(secrets.filter((secret) => secret !== undefined));
    this.#content.set(key, after);
    this.#locations.set(key, location);
    for (const secret of before) if (!after.has(secret)) this.#change(secret, location, -1);
    for (const secret of after) if (!before.has(secret)) this.#change(secret, location, 1);
  }

  /** Adds secrets to the content of a location. */
  addContent(location: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    this.setContent(location, [...(this.#content.get(keyOf(location)) ?? []), ...secrets]);
  }

  /** Returns the secrets in all locations of a place that are not sealed. */
  readableAt(place: string): readonly Secret[] {
    return [...this.#locations]
      .filter(([, location]) => location.place === place && location.sealed !== true)
      .flatMap(([key]) => [...(this.#content.get(key) ?? [])]);
  }

  /**
   * Records that a party writes a secret into a device. The party that does it can read the secret during that time, and
   * later too if the station keeps copies.
   *
   * @param station where it happens; undefined if the timeline names no station.
   * @param otherwise the party that does it if the timeline names no station.
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

  /** Deletes at a station what was handed over there, when the unit moves on. Kept copies stay. */
  clearStation(station: Station): void {
    this.setContent(transitAt(station), []);
  }

  #change({ secret, sort }: Secret, { party, place, sealed }: SecretLocation, by: 1 | -1): void {
    const copy = JSON.stringify([secret, party, place, sealed]);
    const before = this.#copies.get(copy) ?? 0;
    this.#copies.set(copy, before + by);
    // Only the first location brings the secret to the place, and only the last one removes it.
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

/** Two buffers with the same bytes are the same key. */
function markOf(material: unknown): unknown {
  return Buffer.isBuffer(material) ? material.toString('base64') : material;
}
