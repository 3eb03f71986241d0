import type { Millis } from '../../../core/time/clock.ts';
import type { Network } from '../../world/network.ts';
import type { Peer } from '../../transports/peer.ts';
import type { Device } from '../device.ts';
import { KnownServer } from './known-server.ts';
import type { QuietVisits } from './quiet-visits.ts';

/**
 * Decides which renewals of one device in a long step are quiet. A quiet renewal has no connections: the device calls DPS and its hub
 * directly, and they make and record the same decisions. The renewal before it succeeded, and since then nothing has changed that only a
 * connection would show. Every tenth renewal uses connections.
 */
export class QuietRenewals {
  readonly #device: Device;
  readonly #network: Network;
  readonly #visits: QuietVisits;
  /** Number of quiet renewals since the last one over connections; undefined if the last renewal failed or there was none. */
  #sinceWire: number | undefined;
  /** The DPS server of the last renewal over connections. */
  #dps: KnownServer | undefined;

  constructor(device: Device, network: Network, visits: QuietVisits) {
    this.#device = device;
    this.#network = network;
    this.#visits = visits;
  }

  /** @param next instant of the next visit, before which no server certificate may expire. */
  isPossible(next: Millis): boolean {
    const since = this.#sinceWire;
    if (since === undefined || since + 1 >= byWireEvery || !this.#visits.isPossible(next)) return false;
    if (this.#device.renewal?.plan.from === 'hub') return true;
    const peer = this.#dpsPeer();
    return peer !== undefined && this.#dps?.isAccepted(peer, this.#network, next) === true;
  }

  /** Notes the end of a renewal. */
  renewed(isQuiet: boolean, isSuccess: boolean): void {
    if (!isSuccess) {
      this.#sinceWire = undefined;
      return;
    }
    if (isQuiet) {
      this.#sinceWire = (this.#sinceWire ?? 0) + 1;
      return;
    }
    this.#sinceWire = this.#isOrdinary() ? 0 : undefined;
    const peer = this.#dpsPeer();
    this.#dps = peer && KnownServer.of(peer, this.#network);
  }

  /**
   * Returns true if a renewal has no part beside connections to DPS and the hub. The chip of a TPM and the update service take part only
   * over a connection.
   */
  #isOrdinary(): boolean {
    const { renewal, attestation, updatesFirst } = this.#device;
    const from = renewal?.plan.from;
    return from === 'hub' || (from === 'dps' && attestation !== 'tpm' && updatesFirst !== true);
  }

  #dpsPeer(): Peer | undefined {
    const { flash, transport } = this.#device;
    return flash.config && this.#network.peer(this.#device, flash.config.endpoint, transport);
  }
}

/** Of each ten renewals in a row, one uses connections. */
const byWireEvery = 10;
