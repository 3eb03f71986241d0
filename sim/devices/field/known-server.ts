import { hasFailedCheck } from '../../../core/history/decision.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { judgeServer } from '../../transports/open-stream.ts';
import type { Peer } from '../../transports/peer.ts';
import type { Network } from '../../world/network.ts';

/** The certificates with which a server answered a device. They let the device verify the server again without a connection. */
export class KnownServer {
  /** DER, leaf first. */
  readonly #chain: readonly Buffer[];
  /** Period in which the device accepts the server without a new check, by the clock of the device. It includes both instants. */
  #accepted: { readonly from: Millis; readonly until: Millis } | undefined;

  private constructor(chain: readonly Buffer[]) {
    this.#chain = chain;
  }

  /** Returns the server with the certificates that a device accepted last; undefined if no device has accepted this server. */
  static of(peer: Peer, network: Network): KnownServer | undefined {
    const chain = network.acceptedServer(peer);
    return chain === undefined ? undefined : new KnownServer(chain);
  }

  /**
   * Returns true if the device, by its own clock, accepts the certificates that the server sent last, and they are still those of this
   * object. Each certificate must outlast the instant `next` of the clock of the network. The device reuses the result of this check until
   * a server certificate or a trusted root expires.
   */
  isAccepted(peer: Peer, network: Network, next: Millis): boolean {
    if (network.acceptedServer(peer) !== this.#chain) return false;
    if (peer.trustsAnyone === true) return true;
    const now = peer.clock.now();
    const then = now + next - network.clock.now();
    if (this.#accepted !== undefined && this.#accepted.from <= now && then <= this.#accepted.until) return true;
    const trace = network.history.trace('device', peer.caller, `server ${peer.host}`);
    judgeServer(this.#chain, peer, trace);
    if (hasFailedCheck(trace.decision()) || then > endOfValidity(this.#chain)) return false;
    this.#accepted = { from: now, until: Math.min(endOfValidity(this.#chain), nextEndOf(peer.roots, now)) };
    return true;
  }
}

/** Returns the earliest end of validity; -Infinity if a certificate cannot be read. */
export function endOfValidity(certificates: readonly Buffer[]): Millis {
  const read = certificates.map(parseCertificate);
  return Math.min(...read.map((one) => (one.ok ? one.value.notAfter : -Infinity)));
}

/** Returns the earliest end of validity that is not before `now`; Infinity if all certificates have expired. */
function nextEndOf(certificates: readonly Buffer[], now: Millis): Millis {
  const ends = certificates.map(parseCertificate).flatMap((one) => (one.ok ? [one.value.notAfter] : []));
  return Math.min(...ends.filter((end) => end >= now));
}
