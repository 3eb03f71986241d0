import { firstFailed } from '../../core/history/decision.ts';
import type { AttemptEnd, HistoryEvent } from '../../core/history/events.ts';
import type { History } from '../../core/history/history.ts';
import { systemClock, wallMs, type Millis } from '../../core/time/clock.ts';
import { defined } from '../../core/defined.ts';
import type { Program } from './program.ts';
import { stateOf, type ProgramState } from './program-watch.ts';

/** Real milliseconds without a byte after which no answer of the services is on its way. */
const quietMs = 15;
/** Real milliseconds in which a service answers, even on a busy computer. */
const answerMs = 250;
/** Real milliseconds between two checks of the programs. */
const lookMs = 2;
/** Number of successive checks that must find all programs idle. */
const looksNeeded = 2;
/** Processor time, in clock ticks of 10 ms, after which a program that never sleeps gets the time of a real clock. */
const busyTicks = 200;
/** Virtual milliseconds that pass at once while a program is busy, or runs at a pace. */
const strideMs = 100;

/**
 * The programs of users that run as devices of one simulated world. They run while every actor of the simulation sleeps. Before a jump of
 * the clock, the programs work until all of them sleep. The jump is no longer than the shortest of their sleeps.
 */
export class Programs {
  readonly #history: History;
  readonly #programs = new Map<string, Program>();
  readonly #observations = new Map<Program, Observation>();
  /** Real milliseconds after which the run ends a program that never sleeps. */
  busyLimitMs = 60_000;
  #question = 0;
  #lastActivity = '';
  /** The processor time of each program and the real time when the programs last began to work. */
  #busy = { ticks: new Map<Program, number>(), startedAt: 0, lastAt: 0 };

  constructor(history: History) {
    this.#history = history;
  }

  add(program: Program): void {
    this.#programs.set(program.device.name, program);
  }

  /** Returns the program of a device; undefined if the device is simulated. */
  of(device: string): Program | undefined {
    return this.#programs.get(device);
  }

  /**
   * Records how the services answer a program, until the caller calls `stop`. Runs `onAccepted` when a hub accepts telemetry of the
   * program.
   */
  observe(program: Program, onAccepted: () => void): { readonly end: (sentence: string) => AttemptEnd; stop(): void } {
    const observation = new Observation(program, onAccepted);
    this.#observations.set(program, observation);
    return {
      end: (sentence) => observation.end(sentence),
      stop: () => this.#observations.delete(program),
    };
  }

  /** Receives each event of the history. */
  onEvent(event: HistoryEvent): void {
    for (const program of this.#programs.values()) program.onEvent(event);
    for (const observation of this.#observations.values()) observation.onEvent(event);
  }

  /** Receives each telemetry message that a hub accepts. */
  onTelemetry(hub: string, deviceId: string): void {
    for (const program of this.#programs.values()) program.onTelemetry(hub, deviceId);
    for (const observation of this.#observations.values()) observation.onTelemetry(hub, deviceId);
  }

  /** Shows the programs the time after a jump. */
  sync(): void {
    for (const program of this.#running()) program.syncTime();
  }

  /** Lets the programs work until all of them sleep. Returns the instant to which the clock may jump. */
  async beforeTimeJump(from: Millis, to: Millis): Promise<Millis> {
    this.sync();
    if (this.#running().length === 0) return to;
    const pace = Math.max(0, ...this.#running().map(({ time }) => time?.pace ?? 0));
    const next = await this.#settle(from, to);
    if (pace === 0 || next === from || this.#running().length === 0) return Math.max(from, Math.min(next, to));
    // If the programs run at a pace, real time passes during the jump too. The jump has several parts, so that the programs see the time
    // pass.
    const reached = Math.min(next, to, from + strideMs * Math.max(1, pace / 10));
    await systemClock.sleep((reached - from) / pace);
    this.#history.noteQuietVisit();
    return reached;
  }

  /** Ends all programs. */
  async close(): Promise<void> {
    for (const program of this.#programs.values()) await program.close();
  }

  #running(): readonly Program[] {
    return [...this.#programs.values()].filter(({ isRunning }) => isRunning);
  }

  /**
   * Waits until all programs sleep. Returns the instant at which the first of them has to wake. While a program works, the result may be an
   * earlier instant (see `#strideOfBusy`).
   */
  async #settle(from: Millis, to: Millis): Promise<Millis> {
    let found = 0;
    for (;;) {
      const running = this.#running();
      if (running.length === 0) return to;
      this.#question++;
      for (const program of running) program.time?.page.ask(this.#question);
      await systemClock.sleep(lookMs);
      await Promise.all(running.map((program) => program.flush()));
      const states = running.map((program) => [program, stateOf(program, this.#question)] as const);
      const activity = states.map(([, state]) => state.activity).join(';');
      const isIdle =
        activity === this.#lastActivity &&
        states.every(([, state]) => state.isIdle) &&
        running.every(({ gateway }) => gateway?.isQuiet(quietMs, answerMs) !== false);
      this.#lastActivity = activity;
      found = isIdle ? found + 1 : 0;
      if (found >= looksNeeded) {
        this.#busy.ticks.clear();
        return Math.min(...states.map(([, { nextAt }]) => nextAt));
      }
      const stride = isIdle ? 0 : await this.#strideOfBusy(states);
      if (stride > 0 && from < to) return from + stride;
    }
  }

  /**
   * Returns the virtual milliseconds that pass although a program works. The value is 0 at first. After much processor time without a
   * sleep, it is the real time that passed, because the program may wait for the clock in a loop. Ends a program that never sleeps.
   */
  async #strideOfBusy(states: readonly (readonly [Program, ProgramState])[]): Promise<number> {
    const busy = this.#busy;
    const now = wallMs();
    if (busy.ticks.size === 0) busy.startedAt = now;
    let found: Program | undefined;
    for (const [program, { ticks }] of states) {
      const start = busy.ticks.get(program) ?? ticks;
      busy.ticks.set(program, start);
      if (ticks - start > busyTicks) found ??= program;
    }
    const last = busy.lastAt;
    busy.lastAt = now;
    if (found === undefined) return 0;
    if (now - busy.startedAt > this.busyLimitMs) {
      busy.ticks.clear();
      await found.endAsBusy(this.busyLimitMs);
      return 0;
    }
    this.#history.noteQuietVisit();
    return Math.max(1, Math.round(now - last));
  }
}

/** The events of the services about a program since an attempt started. */
class Observation {
  readonly #program: Program;
  readonly #onAccepted: () => void;
  #registrations = 0;
  #isAccepted = false;
  #failed: { readonly judge: string; readonly check: string } | undefined;

  constructor(program: Program, onAccepted: () => void) {
    this.#program = program;
    this.#onAccepted = onAccepted;
  }

  onEvent(event: HistoryEvent): void {
    if (event.kind !== 'decision' || event.from !== this.#program.device.address) return;
    const failed = firstFailed(event);
    this.#failed = failed === undefined ? undefined : { judge: event.judge, check: failed.check };
    if (event.judge === 'dps' && event.about === 'registration') this.#registrations++;
  }

  onTelemetry(hub: string, deviceId: string): void {
    if (!this.#program.isAt(hub, deviceId)) return;
    this.#isAccepted = true;
    this.#failed = undefined;
    this.#onAccepted();
  }

  /** @param sentence the sentence of the outcome if no hub accepted telemetry. */
  end(sentence: string): AttemptEnd {
    const { place } = this.#program;
    const where = place === undefined ? {} : { assignedHub: place.hub, deviceId: place.deviceId };
    const attempts = this.#registrations;
    if (this.#isAccepted && this.#failed === undefined) {
      return {
        outcome: 'assigned',
        sentence: `${place?.hub} accepted its telemetry`,
        telemetry: 'accepted',
        attempts,
        ...where,
      };
    }
    const telemetry = this.#isAccepted ? 'accepted' : 'none';
    const failed = this.#failed;
    if (failed === undefined) return { outcome: 'failed', sentence, telemetry, attempts, ...defined(where) };
    const refused = `${failed.judge} refused the device by ${failed.check}; ${sentence}`;
    return { outcome: 'refused', sentence: refused, telemetry, attempts, ...where };
  }
}
