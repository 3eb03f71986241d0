import { failedWith } from '../../core/result.ts';
import { afterRealTime, isoInstant, type Millis } from '../../core/time/clock.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Credentials } from '../shared/credentials.ts';
import type { Admission } from './admission.ts';
import type { CredentialOperations } from './credentials/credential-operations.ts';
import type { DeviceLink } from './device-link.ts';
import type { DecidedEnd } from './decided-end.ts';
import type { HubMessage } from './messages/hub-message.ts';
import { hubProblems, saying, type HubProblem } from './hub-problems.ts';
import type { MessageQueue, Settlement } from './messages/message-queue.ts';
import type { MethodCalls, MethodOutcome } from './method-calls.ts';
import type { TwinOutcome } from './twins/twins.ts';

/** The parts of a hub that a connection uses. */
interface ConnectedHub {
  readonly calls: MethodCalls;
  readonly credentials: CredentialOperations;
  readonly connections: {
    close(deviceId: string, reason: HubProblem): void;
    noteEnd(deviceId: string, end: DecidedEnd): void;
    drain(deviceId: string): void;
    remove(connection: DeviceConnection): void;
  };
  now(): Millis;
  admits(deviceId: string, credentials: Credentials): Admission | undefined;
  receive(admission: Admission, message: HubMessage): HubProblem | undefined;
  throttles(deviceId: string): boolean;
  twinOf(deviceId: string): TwinOutcome;
  report(deviceId: string, patch: JsonObject): TwinOutcome;
  queueOf(deviceId: string): MessageQueue;
}

/**
 * The connection of one device, as the hub sees it. The listener passes incoming data to this object; the hub sends outgoing
 * data over the `DeviceLink`.
 */
export class DeviceConnection {
  readonly deviceId: string;
  readonly link: DeviceLink;
  #admission: Admission;
  readonly #hub: ConnectedHub;
  #ended = false;
  /** Set if an injected fault will end the connection: the instant and the reason. */
  #end: { readonly at: Millis; readonly reason: HubProblem } | undefined;

  /** Network address of the device. */
  readonly from: string | undefined;

  constructor(admission: Admission, link: DeviceLink, hub: ConnectedHub, from?: string) {
    this.from = from;
    this.deviceId = admission.deviceId;
    this.link = link;
    this.#admission = admission;
    this.#hub = hub;
  }

  /**
   * Returns true if the connection can be used. If the token expired too long ago or an injected fault is due, ends the
   * connection and returns false. Call it before every use of the connection, because a jump of the virtual clock triggers no
   * event.
   */
  isAlive(): boolean {
    if (this.#ended) return false;
    if (this.#end !== undefined && this.#hub.now() >= this.#end.at) {
      this.#hub.connections.close(this.deviceId, this.#end.reason);
      return false;
    }
    const { expiresAt } = this.#admission;
    if (this.#hub.now() <= expiresAt + expiredLingerMs) return true;
    const reason = saying(
      hubProblems.unauthorized,
      `The token expired at ${isoInstant(expiresAt)}; connect with a new token.`,
    );
    const until = `an expiry not before ${isoInstant(this.#hub.now() - expiredLingerMs)}`;
    const found = isoInstant(expiresAt);
    this.#hub.connections.noteEnd(this.deviceId, { check: 'hub-token-fresh', expected: until, found });
    this.#hub.connections.close(this.deviceId, reason);
    return false;
  }

  /** Returns true if the connection has ended. Unlike `isAlive`, it never ends the connection. */
  hasEnded(): boolean {
    return this.#ended;
  }

  /**
   * Ends the connection at its first use at or after an instant. For a lab whose clock advances with real time, a timer
   * also ends it.
   */
  endAt(at: Millis, reason: HubProblem): void {
    this.#end = { at, reason };
    const waitMs = at - this.#hub.now();
    if (waitMs > 0) afterRealTime(waitMs + timerSlackMs, () => void this.isAlive());
  }

  /** Replaces the token by a new one. Returns false if the hub refuses the new token; the older token then stays in use. */
  renew(credentials: Credentials): boolean {
    const admission = this.#hub.admits(this.deviceId, credentials);
    if (admission !== undefined) this.#admission = admission;
    return admission !== undefined;
  }

  /**
   * Accepts a message of the device. Returns the problem if the hub refuses it. If the protocol has no error answer, the
   * listener ends the connection.
   */
  sendTelemetry(message: HubMessage): HubProblem | undefined {
    return this.#hub.receive(this.#admission, message);
  }

  twin(): TwinOutcome {
    if (this.#hub.throttles(this.deviceId)) return failedWith(hubProblems.throttled);
    return this.#hub.twinOf(this.deviceId);
  }

  report(patch: JsonObject): TwinOutcome {
    if (this.#hub.throttles(this.deviceId)) return failedWith(hubProblems.throttled);
    return this.#hub.report(this.deviceId, patch);
  }

  /** Passes the answer of the device to the caller of a direct method. Returns false if no caller waits for it. */
  answerMethod(requestId: string, outcome: MethodOutcome): boolean {
    return this.#hub.calls.answer(this.deviceId, requestId, outcome);
  }

  /** Handles a certificate request of the device. The answers go to its link. */
  requestCertificate(rid: string, payload: Buffer): void {
    this.#hub.credentials.request(this.deviceId, rid, payload, this.#admission.method === 'sas');
  }

  /**
   * Continues the certificate request of the device, if the device has one. The listener calls this method for each
   * packet.
   */
  proceedCredentials(): void {
    this.#hub.credentials.proceed(this.deviceId);
  }

  /** Returns the issuance of a certificate that is under way; undefined if there is none. */
  issuance(): Promise<void> | undefined {
    return this.#hub.credentials.issuance(this.deviceId);
  }

  /** Delivers the waiting messages. The listener calls this method when the device subscribes. */
  listening(): void {
    this.#hub.connections.drain(this.deviceId);
    this.proceedCredentials();
  }

  /** Settles a delivered message. Returns false if the lock token is unknown. */
  settle(lockToken: string, settlement: Settlement): boolean {
    return this.#hub.queueOf(this.deviceId).settle(lockToken, settlement);
  }

  /** Closes the link of the device. Only `Connections.close` calls this method, because it also records the reason. */
  close(reason: HubProblem): void {
    if (this.#ended) return;
    this.link.close(reason);
    this.disconnected();
  }

  /** Marks the connection as ended. Later calls have no effect. */
  disconnected(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#hub.connections.remove(this);
  }
}

/** A timer of Node can fire slightly before the instant that the clock of the hub shows. */
const timerSlackMs = 10;
/**
 * Time for which a connection stays open after its token expires. Tests observed this time on the real service. Azure
 * does not document it.
 */
const expiredLingerMs = 10 * 60 * 1000;
