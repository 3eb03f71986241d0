import type { Cloud } from '../../../core/cloud/cloud.ts';
import { defined } from '../../../core/defined.ts';
import type { AttemptEnd, EventData } from '../../../core/history/events.ts';
import type { Millis } from '../../../core/time/clock.ts';
import { parseSas } from '../../../core/wire/sas.ts';
import { certificatesOf } from '../../transports/certificates-of.ts';
import type { Peer } from '../../transports/peer.ts';
import type { Network } from '../../world/network.ts';
import { attestations } from '../attestation/attestations.ts';
import type { Device } from '../device.ts';
import type { HubPlace } from '../device-change.ts';
import { endOfValidity, KnownServer } from './known-server.ts';
import type { Flash } from '../flash.ts';
import { greeting } from '../hub-session.ts';

/** For each hub identity (`hub/deviceId`): the device that last used this identity in this step. Two devices can share an identity. */
export type LastVisitors = Map<string, QuietVisits>;

/** State of a device at its last accepted visit over a connection. A quiet visit needs the same state. */
interface Basis {
  readonly flash: Flash;
  readonly assigned: HubPlace;
  readonly trustStore: readonly Buffer[];
  readonly tpm: Device['tpm'];
  /** Certificates of the device in the handshake: DER, leaf first. */
  readonly certificates: readonly Buffer[];
  /** Earliest end of validity of these certificates. */
  readonly validUntil: Millis;
  readonly server: KnownServer;
}

type Summary = EventData & { kind: 'quiet-visits' };

/**
 * Visits of one device to its hub in a long step. A quiet visit has no connection. It is possible if the device and the certificates of the
 * server have not changed since the last visit over a connection. The device and the hub still check a quiet visit, and one event counts
 * all quiet visits in a row. If the hub does not accept a quiet visit, the device repeats it over a connection. Every hundredth visit and
 * the last one before a certificate expires also use a connection.
 */
export class QuietVisits {
  readonly #device: Device;
  readonly #network: Network;
  readonly #visitHub: Cloud['visitHub'] | undefined;
  readonly #visitors: LastVisitors;
  #basis: Basis | undefined;
  /** Number of quiet visits since the last visit over a connection. */
  #sinceWire = 0;
  #summary: Summary | undefined;

  constructor(device: Device, network: Network, visitors: LastVisitors) {
    this.#device = device;
    this.#network = network;
    this.#visitHub = network.visitHub;
    this.#visitors = visitors;
  }

  /**
   * Visits the hub without a connection. Returns false, and has no effect, if the device has to connect.
   *
   * @param next instant of the next visit, before which no certificate may expire.
   */
  async visit(next: Millis): Promise<boolean> {
    const basis = this.#basis;
    if (basis === undefined || this.#visitHub === undefined || this.#sinceWire + 1 >= byWireEvery) return false;
    if (!this.isPossible(next)) return false;
    const { assigned, certificates } = basis;
    const { hub, deviceId } = assigned;
    const token = await this.#token(assigned);
    const { address: from } = this.#device;
    if (!this.#visitHub({ hub, deviceId, from, certificates, token, text: greeting(deviceId) })) return false;
    this.#count(assigned, token);
    return true;
  }

  /**
   * Returns true if the device could visit its hub now without a connection: nothing has changed since its last visit, and no certificate
   * expires before the instant `next`.
   */
  isPossible(next: Millis): boolean {
    const basis = this.#basis;
    if (basis === undefined || this.#visitHub === undefined || !this.#isUnchanged(basis)) return false;
    const peer = this.#peer(basis.assigned);
    return next <= basis.validUntil && peer !== undefined && basis.server.isAccepted(peer, this.#network, next);
  }

  /**
   * Notes a visit over a connection. The next visits may be quiet if the device visited its hub without a registration and the hub accepted
   * it.
   */
  visitedByWire(end: AttemptEnd): void {
    this.#sinceWire = 0;
    this.visited(end);
  }

  /** Notes a visit that this object did not make. The next visits may be quiet under the same conditions as after `visitedByWire`. */
  visited({ outcome, telemetry, attempts }: AttemptEnd): void {
    const { flash, assigned, trustStore, tpm } = this.#device;
    this.#basis = undefined;
    if (assigned === undefined || outcome !== 'assigned' || telemetry !== 'accepted' || attempts > 0) return;
    this.#becomeVisitor(assigned);
    const peer = this.#peer(assigned);
    const server = peer && KnownServer.of(peer, this.#network);
    // A key that never leaves its store can fail in a handshake even if its certificate is valid, so such a device always connects.
    if (peer === undefined || server === undefined || (peer.identity !== undefined && 'held' in peer.identity)) return;
    const certificates = certificatesOf(peer.identity);
    const validUntil = endOfValidity(certificates);
    this.#basis = { flash, assigned, trustStore, tpm, certificates, validUntil, server };
  }

  /** Records the quiet visits so far. The caller must call this before every other event of the device. */
  flush(): void {
    if (this.#summary === undefined) return;
    this.#network.history.record(this.#summary);
    this.#summary = undefined;
  }

  #isUnchanged({ flash, assigned, trustStore, tpm }: Basis): boolean {
    const device = this.#device;
    return (
      device.boot === 'hub-first' &&
      device.powerCut === undefined &&
      device.flash === flash &&
      device.assigned === assigned &&
      device.trustStore === trustStore &&
      device.tpm === tpm &&
      this.#visitors.get(keyOf(assigned)) === this
    );
  }

  #peer({ hub }: HubPlace): Peer | undefined {
    const { transport } = this.#device;
    return this.#network.peer(this.#device, hub, this.#network.wire(transport).hubTransport ?? transport);
  }

  /**
   * Makes a token. Returns undefined if the credential is a certificate or the device cannot make a token. The next visit over a connection
   * then shows the reason.
   */
  async #token({ hub, deviceId }: HubPlace): Promise<string | undefined> {
    if (this.#device.flash.issued !== undefined) return undefined;
    try {
      return await attestations[this.#device.attestation].hubToken(this.#device, `${hub}/devices/${deviceId}`);
    } catch {
      return undefined;
    }
  }

  #count({ hub, deviceId }: HubPlace, token: string | undefined): void {
    const { name: device, attestation, transport, address } = this.#device;
    const now = this.#network.clock.now();
    this.#sinceWire++;
    const read = token === undefined ? undefined : parseSas(token);
    this.#summary = {
      kind: 'quiet-visits',
      device,
      registrationId: this.#device.registrationId ?? device,
      attestation,
      transport,
      ...defined({ from: address }),
      hub,
      deviceId,
      visits: (this.#summary?.visits ?? 0) + 1,
      first: this.#summary?.first ?? now,
      last: now,
      ...defined({ tokenExpiresAt: read && read.se * 1000 }),
    };
    this.#network.history.noteQuietVisit();
  }

  /**
   * Makes this device the last user of a hub identity. First records the quiet visits of the previous user, so that the log of the hub
   * stays in order.
   */
  #becomeVisitor(place: HubPlace): void {
    const key = keyOf(place);
    const former = this.#visitors.get(key);
    if (former !== this) former?.flush();
    this.#visitors.set(key, this);
  }
}

/** Of each 100 visits in a row, one uses a connection. */
const byWireEvery = 100;

function keyOf({ hub, deviceId }: HubPlace): string {
  return `${hub}/${deviceId.toLowerCase()}`;
}
