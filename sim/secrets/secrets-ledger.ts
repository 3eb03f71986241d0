import type { History } from '../../core/history/history.ts';
import type { Party } from '../../core/history/events.ts';
import type { SecretChange } from '../../core/history/events.ts';
import type { Station } from '../world/station.ts';

/** A secret by its name; there is one such object for each. */
export type Secret = Pick<SecretChange, 'secret' | 'sort'>;

/** A part of a place that holds some secrets at a time. One secret in two drawers of a place lies there once. */
export interface SecretLocation extends Pick<SecretChange, 'party' | 'place' | 'sealed'> {
  /** Tells it from the other drawers there. */
  readonly label: string;
}

/** Notes in the history where copies of secrets come to lie and where they are wiped. */
export class SecretsLedger {
  readonly #history: History;
  /** How many secrets have had a name. */
  readonly #named = new Map<string, number>();
  readonly #known = new Map<unknown, Secret>();
  readonly #drawers = new Map<string, { readonly drawer: SecretLocation; readonly secrets: ReadonlySet<Secret> }>();
  /** In how many drawers of a place a secret is. */
  readonly #copies = new Map<string, number>();

  constructor(history: History) {
    this.#history = history;
  }

  /**
   * A new secret comes into being. The second of a name gets a number.
   *
   * @param material what it is known by again: the bytes or the text of the key, or the object that stands for it.
   */
  fresh(sort: Secret['sort'], name: string, material: unknown): Secret {
    const number = (this.#named.get(name) ?? 0) + 1;
    this.#named.set(name, number);
    const secret = { secret: number === 1 ? name : `${name}, no. ${number}`, sort };
    this.learn(material, secret);
    return secret;
  }

  /** The secret is known by this as well. */
  learn(material: unknown, secret: Secret): void {
    this.#known.set(markOf(material), secret);
  }

  /** The secret that is known by `material`. */
  of(material: unknown): Secret | undefined {
    return this.#known.get(markOf(material));
  }

  /** The same, and a new secret where nothing is known by it. */
  ofOrFresh(material: unknown, sort: Secret['sort'], name: string): Secret {
    return this.of(material) ?? this.fresh(sort, name, material);
  }

  /** From here on a drawer holds these and nothing else: what it held before is wiped. */
  lay(drawer: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    const label = labelOf(drawer);
    const before = this.#drawers.get(label)?.secrets ?? new Set();
    const after = new Set(secrets.filter((secret) => secret !== undefined));
    this.#drawers.set(label, { drawer, secrets: after });
    for (const secret of before) if (!after.has(secret)) this.#change(secret, drawer, -1);
    for (const secret of after) if (!before.has(secret)) this.#change(secret, drawer, 1);
  }

  /** A drawer holds these beside what it held before. */
  add(drawer: SecretLocation, secrets: readonly (Secret | undefined)[]): void {
    this.lay(drawer, [...(this.#drawers.get(labelOf(drawer))?.secrets ?? []), ...secrets]);
  }

  /** What lies in a place and is not sealed there. */
  at(place: string): readonly Secret[] {
    return [...this.#drawers.values()]
      .filter(({ drawer }) => drawer.place === place && drawer.sealed !== true)
      .flatMap(({ secrets }) => [...secrets]);
  }

  /**
   * A secret goes by hand into a device, at a station or where the timeline does not say: who works there could read it for
   * as long as it takes, and longer where the station keeps copies.
   *
   * @param otherwise who does it where the timeline does not say.
   */
  passed(
    secret: Secret,
    station: Station | undefined,
    otherwise: { readonly party: Party; readonly place: string } = { party: 'manufacturer', place: 'line' },
  ): void {
    if (station !== undefined) {
      this.add(station.keepsCopies ? { ...passingAt(station), label: 'copies' } : passingAt(station), [secret]);
      return;
    }
    const hand = { ...otherwise, label: 'passing' };
    this.add(hand, [secret]);
    this.lay(hand, []);
  }

  /** A unit moves on from a station; only a station that keeps copies still has what went through. */
  left(station: Station): void {
    this.lay(passingAt(station), []);
  }

  #change({ secret, sort }: Secret, { party, place, sealed }: SecretLocation, by: 1 | -1): void {
    const kept = sealed === undefined ? {} : { sealed };
    const copy = JSON.stringify([secret, party, place, sealed]);
    const before = this.#copies.get(copy) ?? 0;
    this.#copies.set(copy, before + by);
    // Only the first drawer brings it to the place, and only the last one takes it away.
    if (Math.max(before, before + by) > 1) return;
    this.#history.record({
      kind: 'secret',
      secret,
      sort,
      party,
      place,
      ...kept,
      change: by === 1 ? 'held' : 'dropped',
    });
  }
}

function labelOf({ party, place, label }: SecretLocation): string {
  return JSON.stringify([party, place, label]);
}

function passingAt({ party, name }: Station): SecretLocation {
  return { party, place: name, label: 'passing' };
}

/** Two buffers of the same bytes are the same key. */
function markOf(material: unknown): unknown {
  return Buffer.isBuffer(material) ? material.toString('base64') : material;
}
