import type { Decision } from '../history/decision.ts';
import { tlsHandshake } from '../history/tls-handshake.ts';
import { registrationKey } from '../wire/registration-id.ts';

/** The client of an attempt. */
interface Client {
  readonly device: string;
  readonly registrationId: string;
  /** Network address of the client. Undefined if it is unknown. */
  readonly from?: string | undefined;
}

/**
 * Finds the last decision about an attempt. Stores only the last decision of each name and address. So the work for a
 * decision does not grow with the number of simultaneous attempts.
 */
export class LastDecisions {
  /** Decisions by registration ID in lower case. */
  readonly #byRegistration = new LastByName();
  /** Decisions of hubs by device ID. */
  readonly #ofHubs = new LastByName();
  /** Decisions about TLS handshakes by address of the client. */
  readonly #ofHandshakes = new LastByName();
  /** Decisions of all services and devices except hubs, by subject. */
  readonly #ofOthers = new LastByName();

  /** @param index index of the decision in the history. Indexes must increase. */
  add(decision: Decision, index: number): void {
    const found = { decision, index };
    this.#byRegistration.put(registrationKey(decision.subject), found);
    if (decision.about.startsWith(tlsHandshake)) this.#ofHandshakes.put(decision.subject, found);
    (decision.judge === 'hub' ? this.#ofHubs : this.#ofOthers).put(decision.subject, found);
  }

  /**
   * Returns the last decision about the client of an attempt. Ignores decisions about other clients with the same name.
   *
   * @param deviceId device ID that hubs use for the client. Undefined before the attempt ends.
   * @param after index of the event that started the attempt.
   */
  about({ device, registrationId, from }: Client, deviceId: string | undefined, after: number): Decision | undefined {
    let last: Found | undefined;
    for (const found of [
      this.#byRegistration.find(registrationKey(registrationId), from),
      this.#ofOthers.find(device, from),
      // Before the end of a TLS handshake, a service knows only the address of the client. Simulated devices without
      // their own address have the address of this computer.
      this.#ofHandshakes.find(from ?? loopback, from),
      deviceId === undefined ? undefined : this.#ofHubs.find(deviceId, from),
    ]) {
      if (found !== undefined && found.index > (last?.index ?? after)) last = found;
    }
    return last?.decision;
  }
}

const loopback = '127.0.0.1';

interface Found {
  readonly decision: Decision;
  readonly index: number;
}

/** The last decision of each name, for all addresses together and for each address. */
class LastByName {
  readonly #all = new Map<string, Found>();
  readonly #byAddress = new Map<string | undefined, Map<string, Found>>();

  put(name: string, found: Found): void {
    const { from } = found.decision;
    this.#all.set(name, found);
    const ofAddress = this.#byAddress.get(from) ?? new Map<string, Found>();
    this.#byAddress.set(from, ofAddress.set(name, found));
  }

  /** A decision or a client without an address matches every address. */
  find(name: string, from: string | undefined): Found | undefined {
    if (from === undefined) return this.#all.get(name);
    const own = this.#byAddress.get(from)?.get(name);
    const ofAny = this.#byAddress.get(undefined)?.get(name);
    return (own?.index ?? -1) > (ofAny?.index ?? -1) ? own : ofAny;
  }
}
