import type { Cloud } from '../../core/cloud/cloud.ts';
import { defined } from '../../core/defined.ts';
import { hasFailedCheck } from '../../core/history/decision.ts';
import type { AttemptEnd, EventData } from '../../core/history/events.ts';
import type { Millis } from '../../core/time/clock.ts';
import { parseSas } from '../../core/wire/sas.ts';
import { parseCertificate } from '../../core/x509/certificate.ts';
import { judgeServer } from '../transports/open-stream.ts';
import { certificatesOf } from '../transports/certificates-of.ts';
import type { Peer } from '../transports/peer.ts';
import type { Network } from '../world/network.ts';
import { attestations } from './attestation/attestations.ts';
import type { Device } from './device.ts';
import type { HubPlace } from './device-change.ts';
import type { Flash } from './flash.ts';
import { greeting } from './hub-session.ts';

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
  /** Certificates of the server: DER, leaf first. */
  readonly serverChain: readonly Buffer[];
  /** Period in which the device accepts the server without a new check, by the clock of the device. It includes both instants. */
  accepted: { readonly from: Millis; readonly until: Millis } | undefined;
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
    if (basis === undefined || this.#visitHub === undefined || !this.#isUnchanged(basis)) return false;
    const { assigned, certificates, validUntil } = basis;
    const { hub, deviceId } = assigned;
    const isDue = (this.#summary?.visits ?? 0) + 1 >= byWireEvery;
    if (isDue || next > validUntil || !this.#acceptsServer(basis, next)) return false;
    const token = await this.#token(assigned);
    const { address: from } = this.#device;
    if (!this.#visitHub({ hub, deviceId, from, certificates, token, text: greeting(deviceId) })) return false;
    this.#count(assigned, token);
    return true;
  }

  /**
   * Notes a visit over a connection. The next visits may be quiet if the device visited its hub without a registration and the hub accepted
   * it.
   */
  visitedByWire({ outcome, telemetry, attempts }: AttemptEnd): void {
    const { flash, assigned, trustStore, tpm } = this.#device;
    this.#basis = undefined;
    if (assigned === undefined || outcome !== 'assigned' || telemetry !== 'accepted' || attempts > 0) return;
    this.#becomeVisitor(assigned);
    const peer = this.#peer(assigned);
    const serverChain = peer && this.#network.acceptedServer(peer);
    // A key that never leaves its store can fail in a handshake even if its certificate is valid, so such a device always connects.
    if (peer === undefined || serverChain === undefined || (peer.identity !== undefined && 'held' in peer.identity))
      return;
    const certificates = certificatesOf(peer.identity);
    const validUntil = endOfValidity(certificates);
    this.#basis = { flash, assigned, trustStore, tpm, certificates, validUntil, serverChain, accepted: undefined };
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

  /**
   * Returns true if the device, by its own clock, accepts the certificates that the server sent last. Each certificate must outlast the
   * next visit. The device reuses the result of this check until a server certificate or a trusted root expires.
   */
  #acceptsServer(basis: Basis, next: Millis): boolean {
    const { assigned, serverChain, accepted } = basis;
    const peer = this.#peer(assigned);
    if (peer === undefined || this.#network.acceptedServer(peer) !== serverChain) return false;
    if (peer.trustsAnyone === true) return true;
    const now = peer.clock.now();
    const then = now + next - this.#network.clock.now();
    if (accepted !== undefined && accepted.from <= now && then <= accepted.until) return true;
    const trace = this.#network.history.trace('device', peer.caller, `server ${peer.host}`);
    judgeServer(serverChain, peer, trace);
    if (hasFailedCheck(trace.decision()) || then > endOfValidity(serverChain)) return false;
    basis.accepted = { from: now, until: Math.min(endOfValidity(serverChain), nextEndOf(peer.roots, now)) };
    return true;
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

function endOfValidity(certificates: readonly Buffer[]): Millis {
  const read = certificates.map(parseCertificate);
  return Math.min(...read.map((one) => (one.ok ? one.value.notAfter : -Infinity)));
}

/** Returns the earliest end of validity that is not before `now`; Infinity if all certificates have expired. */
function nextEndOf(certificates: readonly Buffer[], now: Millis): Millis {
  const ends = certificates.map(parseCertificate).flatMap((one) => (one.ok ? [one.value.notAfter] : []));
  return Math.min(...ends.filter((end) => end >= now));
}
