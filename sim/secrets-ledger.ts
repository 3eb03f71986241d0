import type { History, Party } from '../core/history.ts';
import type { Station } from './station.ts';

/** Notes in the history where copies of secrets come to lie and where they are wiped. */
export class SecretsLedger {
  readonly #history: History;
  /** Secrets in each device, by what they are for. */
  readonly #inDevices = new Map<string, Map<string, string>>();
  /** Secrets that go through a station and are wiped when the unit moves on. */
  readonly #passing = new Map<Station, Set<string>>();

  constructor(history: History) {
    this.#history = history;
  }

  held(secret: string, party: Party, place: string): void {
    this.#history.record({ kind: 'secret', secret, party, place, change: 'held' });
  }

  dropped(secret: string, party: Party, place: string): void {
    this.#history.record({ kind: 'secret', secret, party, place, change: 'dropped' });
  }

  /**
   * A secret was written into a device, at a station or where the timeline does not say, which has it too for as long as it
   * takes.
   *
   * @param use such as `private key`: a second one for the same use takes the place of the first.
   */
  installed(secret: string, use: string, device: string, station: Station | undefined): void {
    this.#pass(secret, station);
    this.made(secret, use, device);
  }

  /** A device made a secret itself. */
  made(secret: string, use: string, device: string): void {
    const inside = this.#inDevices.get(device) ?? new Map<string, string>();
    this.#inDevices.set(device, inside);
    const former = inside.get(use);
    if (former === secret) return;
    if (former !== undefined) this.dropped(former, 'device', device);
    inside.set(use, secret);
    this.held(secret, 'device', device);
  }

  /** What one device holds is written into another. */
  copied(from: string, to: string, uses: readonly string[], station: Station | undefined): void {
    for (const use of uses) {
      const secret = this.#inDevices.get(from)?.get(use);
      if (secret !== undefined) this.installed(secret, use, to, station);
    }
  }

  /** The memory of a device is gone. */
  erased(device: string): void {
    for (const secret of this.#inDevices.get(device)?.values() ?? []) this.dropped(secret, 'device', device);
    this.#inDevices.delete(device);
  }

  /** A unit moves on from a station; only a station that keeps copies still has what went through. */
  left(station: Station): void {
    for (const secret of this.#passing.get(station) ?? []) this.dropped(secret, station.party, station.name);
    this.#passing.delete(station);
  }

  #pass(secret: string, station: Station | undefined): void {
    if (station === undefined) {
      this.held(secret, 'manufacturer', 'line');
      this.dropped(secret, 'manufacturer', 'line');
      return;
    }
    this.held(secret, station.party, station.name);
    if (station.keepsCopies) return;
    const passing = this.#passing.get(station) ?? new Set<string>();
    this.#passing.set(station, passing);
    passing.add(secret);
  }
}
