import { createHash } from 'node:crypto';
import type { SyncState } from '../../core/cloud/registry-operator.ts';
import type { Store } from '../../core/cloud/snapshot.ts';
import { WatchedMap } from '../../core/cloud/watched-map.ts';
import type { Millis } from '../../core/time/clock.ts';

/** A CA certificate that the device registry sent to a hub. */
interface SyncedCa {
  readonly hub: string;
  readonly der: Buffer;
  /** The instant from which the hub trusts the certificate. Omitted if the hub has always trusted it. */
  readonly from?: Millis;
  /** The instant from which the hub no longer trusts the certificate, and the reason. */
  readonly end?: { readonly from: Millis; readonly state: 'revoked' | 'removed' };
}

/**
 * The CA certificates that the device registry has sent to the hubs. Each change has the instant at which it takes
 * effect.
 */
export class CredentialSync implements Store {
  readonly #synced = new WatchedMap<SyncedCa>();
  readonly parts = { synced: this.#synced };

  save(): readonly (readonly [string, SyncedCa])[] {
    return [...this.#synced];
  }

  load(saved: readonly (readonly [string, SyncedCa])[]): void {
    this.#synced.clear();
    for (const [key, entry] of saved) this.#synced.set(key, entry);
  }

  /** Returns every certificate that the device registry sent to a hub, in DER. */
  certificates(hub: string): readonly Buffer[] {
    return [...this.#synced.values()].filter((entry) => entry.hub === hub).map(({ der }) => der);
  }

  /** Returns the trust of a hub in a certificate at `now`. */
  stateAt(hub: string, der: Buffer, now: Millis): SyncState {
    const entry = this.#synced.get(keyOf(hub, der));
    if (entry === undefined) return 'none';
    if (entry.end !== undefined && now >= entry.end.from) return entry.end.state;
    return entry.from === undefined || now >= entry.from ? 'synced' : 'pending';
  }

  /** Returns the next instant after `now` at which the trust of a hub in a certificate changes; Infinity if it stays the same. */
  nextChange(hub: string, der: Buffer, now: Millis): Millis {
    const entry = this.#synced.get(keyOf(hub, der));
    return Math.min(...[entry?.from, entry?.end?.from].map((at) => (at !== undefined && at > now ? at : Infinity)));
  }

  /** Makes a hub trust a certificate from `from` on. Does nothing if the certificate is or will be trusted, or was revoked. */
  push(hub: string, der: Buffer, from: Millis): void {
    const key = keyOf(hub, der);
    const known = this.#synced.get(key);
    if (known === undefined || known.end?.state === 'removed') this.#synced.set(key, { hub, der, from });
  }

  /** Ends the trust of a hub in a certificate. */
  withdraw(hub: string, der: Buffer, from: Millis, state: 'revoked' | 'removed'): void {
    const key = keyOf(hub, der);
    const known = this.#synced.get(key) ?? { hub, der };
    if (known.end === undefined) this.#synced.set(key, { ...known, end: { from, state } });
  }
}

function keyOf(hub: string, der: Buffer): string {
  return `${hub} ${digestOf(der)}`;
}

/**
 * Returns the SHA-256 of a certificate. Hubs look up the same few certificates for each connection, so the function
 * caches the digests.
 */
function digestOf(der: Buffer): string {
  const known = digests.get(der);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(der).digest('hex');
  digests.set(der, digest);
  return digest;
}

const digests = new WeakMap<Buffer, string>();
