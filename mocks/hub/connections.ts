import type { CheckId } from '../../core/checks.ts';
import type { Clock, Millis } from '../../core/time/clock.ts';
import type { JsonObject } from '../../core/wire/enrollment.ts';
import type { History } from '../../core/history/history.ts';
import type { DeviceConnection } from './device-connection.ts';
import type { DeviceLink } from './device-link.ts';
import { hubProblems, type HubProblem } from './hub-problems.ts';
import type { MessageQueue } from './messages/message-queue.ts';
import type { MethodCalls } from './method-calls.ts';

/** What the connections of a hub need of it. */
interface Surroundings {
  readonly host: string;
  readonly clock: Clock;
  readonly history: History;
  readonly calls: MethodCalls;
  queueOf(deviceId: string): MessageQueue;
}

/** The check that ends a connection. */
interface DecidedEnd {
  readonly about?: string;
  readonly check: CheckId;
  readonly expected: string;
  readonly found: string;
}

/** Who is connected to a hub: at most one connection for each device, whatever its protocol. */
export class Connections {
  readonly #around: Surroundings;
  readonly #connections = new Map<string, DeviceConnection>();
  readonly #changedAt = new Map<string, Millis>();
  readonly #waiters = new Map<string, Set<() => void>>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Takes a connection in. An older one of the same device is ended. */
  add(connection: DeviceConnection): void {
    this.close(connection.deviceId, hubProblems.connectionReplaced);
    this.#connections.set(connection.deviceId, connection);
    this.#changedAt.set(connection.deviceId, this.#around.clock.now());
  }

  /** Puts on record which check ends the connection of a device, if it has one. */
  noteEnd(deviceId: string, { about, check, expected, found }: DecidedEnd): void {
    const connection = this.#connections.get(deviceId);
    if (connection === undefined) return;
    const { history, host } = this.#around;
    const trace = history.trace('hub', deviceId, about ?? `connection to ${host}`, connection.from);
    trace.check(check, false, expected, found);
    history.record({ kind: 'decision', ...trace.decision() });
  }

  /** Forgets a connection that has ended. What it had not settled comes back into the queue. */
  remove(connection: DeviceConnection): void {
    const { deviceId } = connection;
    if (this.#connections.get(deviceId) !== connection) return;
    this.#connections.delete(deviceId);
    this.#changedAt.set(deviceId, this.#around.clock.now());
    this.#around.queueOf(deviceId).returnAll();
    this.#around.calls.drop(deviceId);
  }

  /** Ends the connection of a device, if it has one. */
  close(deviceId: string, reason: HubProblem): void {
    const connection = this.#connections.get(deviceId);
    if (connection === undefined) return;
    const { errorCode, name, message } = reason;
    this.#around.history.record({
      kind: 'wire',
      door: connection.link.door,
      from: this.#around.host,
      to: deviceId,
      message: `the hub ends the connection: ${errorCode} ${name}: ${message}`,
    });
    connection.close(reason);
  }

  /**
   * Ends the connection of a device at an instant, and not before what it sends now has an outcome. Returns false if it has
   * none, or one whose wire ends without an outcome.
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

  /** When the device last came or went; undefined where it never did. */
  changedAt(deviceId: string): Millis | undefined {
    return this.#changedAt.get(deviceId);
  }

  /** The link of a device that is connected and listens to direct methods. */
  methodLink(deviceId: string): DeviceLink | undefined {
    return this.#alive(deviceId, 'methods');
  }

  /** Resolves when the device begins to listen to something the next time. */
  whenListening(deviceId: string): Promise<void> {
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(deviceId) ?? new Set();
      this.#waiters.set(deviceId, waiters.add(resolve));
    });
  }

  /** Hands a device what waits for it, as far as it listens. */
  drain(deviceId: string): void {
    const waiters = this.#waiters.get(deviceId) ?? [];
    this.#waiters.delete(deviceId);
    for (const wake of waiters) wake();
    const link = this.#alive(deviceId, 'messages');
    if (link === undefined) return;
    const queue = this.#around.queueOf(deviceId);
    // Asked again before each: a wire may have room for so many and no more.
    while (link.listens('messages')) {
      const message = queue.take();
      if (message === undefined) return;
      link.deliver(message);
    }
  }

  /** Tells a device of a change of its desired properties, if it listens. */
  announce(deviceId: string, patch: JsonObject, version: number): void {
    this.#alive(deviceId, 'desired')?.desired(patch, version);
  }

  #alive(deviceId: string, interest: 'messages' | 'methods' | 'desired'): DeviceLink | undefined {
    const connection = this.#connections.get(deviceId);
    if (connection?.isAlive() !== true) return undefined;
    return connection.link.listens(interest) ? connection.link : undefined;
  }
}
