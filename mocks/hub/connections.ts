import type { Clock, Millis } from '../../core/time/clock.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { History } from '../../core/history/history.ts';
import type { DecidedEnd } from './decided-end.ts';
import type { DeviceConnection } from './device-connection.ts';
import type { DeviceLink, Interest } from './device-link.ts';
import { hubProblems, type HubProblem } from './hub-problems.ts';
import type { MessageQueue } from './messages/message-queue.ts';
import type { MethodCalls } from './method-calls.ts';

/** The parts of a hub that its connections use. */
interface Surroundings {
  readonly host: string;
  readonly clock: Clock;
  readonly history: History;
  readonly calls: MethodCalls;
  queueOf(deviceId: string): MessageQueue;
}

/** The connections of a hub: at most one for each device, over any protocol. */
export class Connections {
  readonly #around: Surroundings;
  readonly #connections = new Map<string, DeviceConnection>();
  readonly #changedAt = new Map<string, Millis>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Adds a connection. Ends an older connection of the same device. */
  add(connection: DeviceConnection): void {
    this.close(connection.deviceId, hubProblems.connectionReplaced);
    this.#connections.set(connection.deviceId, connection);
    this.#changedAt.set(connection.deviceId, this.#around.clock.now());
  }

  /** Stores the current instant as the last connect of a device whose visit is only simulated. */
  noteVisit(deviceId: string): void {
    this.#changedAt.set(deviceId, this.#around.clock.now());
  }

  /** Records the check because of which the connection of a device ends. Records nothing if the device is not connected. */
  noteEnd(deviceId: string, { about, check, expected, found }: DecidedEnd): void {
    const connection = this.#connections.get(deviceId);
    if (connection === undefined) return;
    const { history, host } = this.#around;
    const trace = history.trace('hub', deviceId, about ?? `connection to ${host}`, connection.from);
    trace.check(check, false, expected, found);
    history.record({ kind: 'decision', ...trace.decision() });
  }

  /** Removes an ended connection, and returns its unsettled messages to the queue. */
  remove(connection: DeviceConnection): void {
    const { deviceId } = connection;
    if (this.#connections.get(deviceId) !== connection) return;
    this.#connections.delete(deviceId);
    this.#changedAt.set(deviceId, this.#around.clock.now());
    this.#around.queueOf(deviceId).returnAll();
    this.#around.calls.drop(deviceId);
  }

  /** Ends the connection of a device, if the device is connected. */
  close(deviceId: string, reason: HubProblem): void {
    const connection = this.#connections.get(deviceId);
    if (connection === undefined) return;
    const { errorCode, name, message } = reason;
    this.#around.history.record({
      kind: 'wire',
      door: connection.link.transport,
      from: this.#around.host,
      to: deviceId,
      message: `the hub ends the connection: ${errorCode} ${name}: ${message}`,
    });
    connection.close(reason);
  }

  /** Ends the connections of all devices, and records the check because of which they end. */
  closeAll(reason: HubProblem, end: DecidedEnd): void {
    for (const deviceId of this.#connections.keys()) {
      this.noteEnd(deviceId, end);
      this.close(deviceId, reason);
    }
  }

  /**
   * Ends the connection of a device at an instant, but not before the hub has answered the message that the device is
   * sending. Returns false if there is no connection, or if its protocol closes without an answer.
   */
  endAfterAnswer(deviceId: string, at: Millis, reason: HubProblem): boolean {
    const connection = this.#connections.get(deviceId);
    if (connection?.link.answersFirst !== true) return false;
    connection.endAt(at, reason);
    return true;
  }

  isConnected(deviceId: string): boolean {
    return this.#connections.has(deviceId);
  }

  /** Returns the instant of the last connect or disconnect of a device; undefined if the device never connected. */
  changedAt(deviceId: string): Millis | undefined {
    return this.#changedAt.get(deviceId);
  }

  /**
   * Returns the link of a device that is connected and subscribed to direct methods; undefined if the device is not
   * connected or not subscribed.
   */
  methodLink(deviceId: string): DeviceLink | undefined {
    return this.#alive(deviceId, 'methods');
  }

  /** Returns a promise that resolves when the device subscribes the next time. */
  whenListening(deviceId: string): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(deviceId) ?? new Set();
      this.#waiters.set(deviceId, waiters.add(resolve));
    });
  }

  /** Delivers the waiting messages to a device, if the device is subscribed. */
  drain(deviceId: string): void {
    const waiters = this.#waiters.get(deviceId) ?? [];
    this.#waiters.delete(deviceId);
    for (const wake of waiters) wake();
    const link = this.#alive(deviceId, 'messages');
    if (link === undefined) return;
    const queue = this.#around.queueOf(deviceId);
    // Checks the condition before each message, because a link may have limited credit.
    while (link.listens('messages')) {
      const message = queue.take();
      if (message === undefined) return;
      link.deliver(message);
    }
  }

  /** Sends a device the change of its desired properties, if the device is subscribed to these changes. */
  announce(deviceId: string, patch: JsonObject, version: number): void {
    this.#alive(deviceId, 'desired')?.desired(patch, version);
  }

  /**
   * Returns the link of a device that is connected and subscribed to answers to certificate requests; undefined if the
   * device is not connected or not subscribed.
   */
  credentialLink(deviceId: string): DeviceLink | undefined {
    return this.#alive(deviceId, 'credentials');
  }

  #alive(deviceId: string, interest: Interest): DeviceLink | undefined {
    const connection = this.#connections.get(deviceId);
    if (connection?.isAlive() !== true) return undefined;
    return connection.link.listens(interest) ? connection.link : undefined;
  }
}
