import { afterRealTime, isoInstant, type Millis } from '../../core/time/clock.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { Credentials } from '../shared/credentials.ts';
import type { Admission } from './admission.ts';
import type { DeviceLink } from './device-link.ts';
import type { Hub } from './hub.ts';
import type { HubMessage } from './messages/hub-message.ts';
import { hubProblems, saying, type HubProblem } from './hub-problems.ts';
import type { Settlement } from './messages/message-queue.ts';
import type { MethodOutcome } from './method-calls.ts';
import type { TwinOutcome } from './twins/twins.ts';

/** One connected device, as its door sees the hub: what it sends goes in here, what it gets comes over its `DeviceLink`. */
export class DeviceConnection {
  readonly deviceId: string;
  readonly link: DeviceLink;
  #admission: Admission;
  readonly #hub: Hub;
  #ended = false;
  /** When the hub ends it, and why, as the device ordered. */
  #end: { readonly at: Millis; readonly reason: HubProblem } | undefined;

  /** Network address that the device calls from. */
  readonly from: string | undefined;

  constructor(admission: Admission, link: DeviceLink, hub: Hub, from?: string) {
    this.from = from;
    this.deviceId = admission.deviceId;
    this.link = link;
    this.#admission = admission;
    this.#hub = hub;
  }

  /**
   * To be asked before anything else that goes over the connection. Where the token has run out for too long, or a fault
   * that was ordered is due, the hub ends the connection and this is false. A clock that jumps makes no noise: the hub
   * notices on the next occasion.
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

  /** Whether the connection has ended; unlike `isAlive` it ends none. */
  hasEnded(): boolean {
    return this.#ended;
  }

  /** Ends the connection on the first occasion from an instant on. In a lab, where the time passes by itself, that is one. */
  endAt(at: Millis, reason: HubProblem): void {
    this.#end = { at, reason };
    const waitMs = at - this.#hub.now();
    if (waitMs > 0) afterRealTime(waitMs + timerSlackMs, () => void this.isAlive());
  }

  /** The device shows a newer token. Returns whether it is good; where it is not, the older one goes on. */
  renew(credentials: Credentials): boolean {
    const admission = this.#hub.admits(this.deviceId, credentials);
    if (admission !== undefined) this.#admission = admission;
    return admission !== undefined;
  }

  /** Returns why the message was not taken. A door without a way to say so ends the connection. */
  sendTelemetry(message: HubMessage): HubProblem | undefined {
    return this.#hub.receive(this.#admission, message);
  }

  twin(): TwinOutcome {
    return this.#hub.twinOf(this.deviceId);
  }

  report(patch: JsonObject): TwinOutcome {
    return this.#hub.report(this.deviceId, patch);
  }

  /** The device answers a call of a direct method. Returns whether anybody waited for it. */
  answerMethod(requestId: string, outcome: MethodOutcome): boolean {
    return this.#hub.calls.answer(this.deviceId, requestId, outcome);
  }

  /** The device has begun to listen: what waited for it goes out. */
  listening(): void {
    this.#hub.connections.drain(this.deviceId);
  }

  /** Returns whether the token named a message that is out for delivery. */
  settle(lockToken: string, settlement: Settlement): boolean {
    return this.#hub.queueOf(this.deviceId).settle(lockToken, settlement);
  }

  /** The hub ends the connection: `Connections.close` does, which writes down why. */
  close(reason: HubProblem): void {
    if (this.#ended) return;
    this.link.close(reason);
    this.disconnected();
  }

  /** The connection has ended. A second time does nothing. */
  disconnected(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#hub.connections.remove(this);
  }
}

/** A timer may go off a little early by another clock. */
const timerSlackMs = 10;
/** How long a connection outlives its token; seen on the real service, documented nowhere. */
const expiredLingerMs = 10 * 60 * 1000;
