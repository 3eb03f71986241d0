import { afterRealTime, isoInstant, type Millis } from '../../core/time/clock.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Credentials } from '../shared/credentials.ts';
import type { Admission } from './admission.ts';
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
  readonly connections: {
    close(deviceId: string, reason: HubProblem): void;
    noteEnd(deviceId: string, end: DecidedEnd): void;
    drain(deviceId: string): void;
    remove(connection: DeviceConnection): void;
  };
  now(): Millis;
  admits(deviceId: string, credentials: Credentials): Admission | undefined;
  receive(admission: Admission, message: HubMessage): HubProblem | undefined;
  twinOf(deviceId: string): TwinOutcome;
  report(deviceId: string, patch: JsonObject): TwinOutcome;
  queueOf(deviceId: string): MessageQueue;
}

/** A hub's side of one connected device. Its listener passes incoming data here; outgoing data goes over its `DeviceLink`. */
export class DeviceConnection {
  readonly deviceId: string;
  readonly link: DeviceLink;
  #admission: Admission;
  readonly #hub: ConnectedHub;
  #ended = false;
  /** The end of the connection that an injected fault has scheduled. */
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
   * Returns false, and ends the connection, if the token expired too long ago or an injected fault is due. Call it before every use
   * of the connection: a virtual clock that jumps triggers no event, so expiry is detected at the next use.
   */
  isAlive(): boolean {
    if (this.#ended) return false;
    if (this.#end !== undefined && this.#hub.now() >= this.#end.at) {
      this.#hub.connections.close(this.deviceId, this.#end.reason);
      return false;
    }
    const { expiresAt } = this.#admission;
    if (this.#hub.now() <= expiresAt + expiredLingerMs) return true;
    const reason = saying(hubProblems.unauthorized, `The token ran out at ${isoInstant(expiresAt)}.`);
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

  /** Ends the connection at its first use from an instant on. A real-time timer counts as a use, for a lab whose clock advances. */
  endAt(at: Millis, reason: HubProblem): void {
    this.#end = { at, reason };
    const waitMs = at - this.#hub.now();
    if (waitMs > 0) afterRealTime(waitMs + timerSlackMs, () => void this.isAlive());
  }

  /** Renews the token. Returns false if the new token is refused; the older token then stays in use. */
  renew(credentials: Credentials): boolean {
    const admission = this.#hub.admits(this.deviceId, credentials);
    if (admission !== undefined) this.#admission = admission;
    return admission !== undefined;
  }

  /** Accepts a message or returns the problem. A listener whose protocol cannot report the problem ends the connection. */
  sendTelemetry(message: HubMessage): HubProblem | undefined {
    return this.#hub.receive(this.#admission, message);
  }

  twin(): TwinOutcome {
    return this.#hub.twinOf(this.deviceId);
  }

  report(patch: JsonObject): TwinOutcome {
    return this.#hub.report(this.deviceId, patch);
  }

  /** Forwards the device's answer to a direct method. Returns false if no call was waiting for it. */
  answerMethod(requestId: string, outcome: MethodOutcome): boolean {
    return this.#hub.calls.answer(this.deviceId, requestId, outcome);
  }

  /** Called when the device subscribes: delivers the waiting messages. */
  listening(): void {
    this.#hub.connections.drain(this.deviceId);
  }

  /** Settles a delivered message. Returns false if the token is unknown. */
  settle(lockToken: string, settlement: Settlement): boolean {
    return this.#hub.queueOf(this.deviceId).settle(lockToken, settlement);
  }

  /** Closes the link. Only `Connections.close` calls this method; it also records the reason. */
  close(reason: HubProblem): void {
    if (this.#ended) return;
    this.link.close(reason);
    this.disconnected();
  }

  /** Called when the connection has ended. Later calls have no effect. */
  disconnected(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#hub.connections.remove(this);
  }
}

/** A timer can fire slightly early relative to the hub's clock. */
const timerSlackMs = 10;
/** Time for which a connection outlives its token. Observed on the real service; not documented. */
const expiredLingerMs = 10 * 60 * 1000;
