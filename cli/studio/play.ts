import { defined } from '../../core/defined.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import { checks } from '../../core/checks.ts';
import type { HistoryEvent, Party } from '../../core/history/events.ts';
import type { Run } from '../../core/run/run.ts';
import { startCloud } from '../../mocks/start-cloud.ts';
import type { Breakpoints, FeedLine, Pace, PlayState } from '../../reports/html/studio-api.ts';
import { PlayStopped } from '../../sim/play/play-stopped.ts';
import type { RunController } from '../../sim/play/run-controller.ts';
import type { Acted, AttackerConsole } from '../../sim/play/attacker-console.ts';
import { playScenario } from '../../sim/play/play-scenario.ts';
import type { Scenario } from '../../sim/scenario/load.ts';
import type { Step } from '../../sim/scenario/read-timeline.ts';
import { versions } from '../versions.ts';
import { beforeReveal } from './before-reveal.ts';
import { jumpMillis } from './jump-pace.ts';
import { News } from './news.ts';

/** The provisional reason of a pause, after the presenter has ordered a single step. */
const nextMoment = 'the next moment';

/** Settings of a live play. */
interface PlaySettings {
  readonly seed: string;
  readonly pace: Pace;
  readonly breakpoints: Breakpoints;
  /** Real milliseconds of a pause after which the play is stopped. */
  readonly pauseLimitMs: number;
  /** True if the play may start the programs that the scenario names. Default: false. */
  readonly allowsPrograms?: boolean;
  /**
   * Replaces the waits between events that the pace requires, so that a test can measure the waits without real time. Receives real
   * milliseconds and returns the milliseconds that passed.
   */
  readonly waitPace?: (realMs: number) => Promise<number>;
}

/** One live play of a scenario. A user can pause, slow down and stop it, and act as its attacker. */
export class Play implements RunController {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Resolves with the run at its end. */
  readonly ended: Promise<Run>;
  run: Run | undefined;
  #pace: Pace;
  #breakpoints: Breakpoints;
  readonly #pauseLimitMs: number;
  readonly #allowsPrograms: boolean;
  readonly #events: HistoryEvent[] = [];
  /** Number of events that are visible. At a pace by event, the simulation is ahead of the page until its next step or time jump. */
  #shown = 0;
  /** Index of the step that the simulation plays or waits for. */
  #next = 0;
  readonly #news = new News();
  /** Indexes of the events that are important for an audience (news.ts). */
  readonly #newsAt = new Set<number>();
  readonly #waitPace: (realMs: number) => Promise<number>;
  readonly #listeners = new Set<() => void>();
  #state: PlayState;
  /** The reason why the play pauses at the next possible moment; undefined if it does not pause. */
  #why: string | undefined;
  #console: AttackerConsole | undefined;
  #isActing = false;
  #acts = 0;
  /** The reason why the play stops before its end; undefined if it does not. */
  #stopped: string | undefined;
  /** Ends the current wait early. */
  #wake: () => void = () => {};

  constructor(
    scenario: Scenario,
    { seed, pace, breakpoints, pauseLimitMs, allowsPrograms = false, waitPace }: PlaySettings,
  ) {
    this.scenario = scenario;
    this.seed = seed;
    this.#pace = pace;
    this.#breakpoints = breakpoints;
    this.#pauseLimitMs = pauseLimitMs;
    this.#allowsPrograms = allowsPrograms;
    this.#waitPace = waitPace ?? ((realMs) => this.#waitRealTime(realMs));
    this.#state = { kind: 'playing', at: Date.parse(scenario.start), step: 0, isSeatFree: false };
    this.ended = this.#play();
  }

  get state(): PlayState {
    return this.#state;
  }

  get isGuestPlayed(): boolean {
    return this.#acts > 0;
  }

  /** Returns the visible events so far. */
  events(): readonly HistoryEvent[] {
    return this.#events.slice(0, this.#shown);
  }

  /** Calls `listener` after each event and each change of the state. Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    this.#why ??= 'paused by the presenter';
    this.#wake();
  }

  /** Continues a paused play, with a new pace or new breakpoints if given. */
  resume({
    pace,
    breakpoints,
  }: {
    readonly pace?: Pace | undefined;
    readonly breakpoints?: Breakpoints | undefined;
  }): void {
    this.#pace = pace ?? this.#pace;
    this.#breakpoints = breakpoints ?? this.#breakpoints;
    this.#why = undefined;
    this.#wake();
  }

  /** Continues to the next possible pause: the next step, or a jump of the clock inside a step. */
  step(): void {
    this.#why = nextMoment;
    this.#wake();
  }

  stop(): void {
    this.#stopped ??= 'stopped before the end; no verdict';
    this.#wake();
  }

  /** The attacker console; undefined unless the play is paused between two steps. */
  get console(): AttackerConsole | undefined {
    return this.#state.isSeatFree && !this.#isActing ? this.#console : undefined;
  }

  /** Runs a step of the attacker. @returns undefined if the console is not available. */
  async act(written: unknown): Promise<Acted | undefined> {
    const { console } = this;
    if (console === undefined) return undefined;
    this.#isActing = true;
    try {
      const acted = await console.act(written);
      if (acted.ok) this.#acts++;
      return acted;
    } finally {
      this.#isActing = false;
      this.#setState({ ...this.#state, at: console.now() });
      this.#wake();
    }
  }

  onEvent(event: HistoryEvent): void {
    if (this.#news.matters(event)) this.#newsAt.add(this.#events.length);
    this.#events.push(event);
    if (this.#pace.kind !== 'by-event' || this.#isActing) this.#showNext();
  }

  /**
   * Makes the waiting events visible, one after the other. If the presenter orders a pause in the middle of a step, the play pauses between
   * two events.
   */
  async #showAll(): Promise<void> {
    while (this.#shown < this.#events.length) {
      if (this.#why !== undefined && this.#why !== nextMoment) await this.#pause(this.#why);
      const isNews = this.#newsAt.has(this.#shown);
      this.#showNext();
      // The messages that belong to an event appear with it.
      while (this.#shown < this.#events.length && !this.#newsAt.has(this.#shown)) this.#showNext();
      if (!isNews || this.#pace.kind !== 'by-event' || this.#why === nextMoment || this.#stopped !== undefined)
        continue;
      await this.#waitPace(this.#pace.millisPerEvent);
    }
  }

  #showNext(): void {
    const event = this.#events[this.#shown];
    if (event === undefined) return;
    this.#shown += 1;
    this.#why ??= breakpointHit(event, this.#breakpoints);
    if (this.#state.kind === 'playing' && this.#state.until === undefined) {
      this.#state = { ...this.#state, at: event.at };
    }
    this.#notify();
  }

  beforeWait({ index }: Step): void {
    this.#next = index;
    if (this.#shown === this.#events.length) this.#setState({ ...this.#state, step: index });
  }

  async beforeStep(next: Step | undefined, console: AttackerConsole): Promise<void> {
    await this.#showAll();
    this.#setState({ kind: 'playing', at: console.now(), ...defined({ step: next?.index }), isSeatFree: false });
    const title = next === undefined ? 'after the last step' : `before step ${next.index + 1}, ${next.name}`;
    if (next !== undefined && this.#breakpoints.steps.includes(next.index)) this.#why = `${title} (breakpoint)`;
    else if (this.#pace.kind === 'step-by-step' || this.#why === nextMoment) this.#why = title;
    if (this.#why !== undefined) await this.#pause(this.#why, console);
    this.#throwIfStopped();
  }

  async beforeTimeJump(from: Millis, to: Millis): Promise<void> {
    this.#throwIfStopped();
    if (this.#isActing) return;
    await this.#showAll();
    this.#throwIfStopped();
    this.#state = { ...this.#state, step: this.#next };
    if (this.#why === nextMoment) this.#why = `the time is ${isoInstant(from)}; the next event is at ${isoInstant(to)}`;
    let left = 1;
    while (left > 0) {
      const at = Math.round(to - left * (to - from));
      // If the presenter pauses during the jump, the page shows the time that the clock has reached.
      this.#state = { ...this.#state, at };
      if (this.#why !== undefined) await this.#pause(this.#why);
      this.#throwIfStopped();
      const wholeMs = jumpMillis(this.#pace, from, to);
      if (wholeMs === 0) break;
      const millisPerSecond = ((to - from) / wholeMs) * 1000;
      this.#setState({ ...this.#state, kind: 'playing', at, until: to, millisPerSecond, isSeatFree: false });
      left -= (await this.#waitPace(left * wholeMs)) / Math.max(1, wholeMs);
      // If the presenter orders a single step, the play skips the rest of the time jump.
      if (this.#why === nextMoment) break;
    }
    this.#setState({ kind: 'playing', at: to, ...this.#stepNow(), isSeatFree: false });
  }

  /** Waits until the presenter continues. */
  async #pause(why: string, console?: AttackerConsole): Promise<void> {
    if (this.#stopped !== undefined) return;
    this.#console = console;
    this.#why = why;
    const { at } = this.#state;
    this.#setState({ kind: 'paused', at, ...this.#stepNow(), why, isSeatFree: console !== undefined });
    const limit = this.#pauseLimitMs;
    // A running console action ends before the play continues.
    while (this.#isActing || (this.#why === why && this.#stopped === undefined)) {
      const isTimedOut = await this.#wait(limit);
      if (isTimedOut && !this.#isActing) {
        this.#stopped ??= `stopped after a pause of ${limit / 60_000} minutes; no verdict`;
      }
    }
    this.#console = undefined;
    this.#setState({ kind: 'playing', at: this.#state.at, ...this.#stepNow(), isSeatFree: false });
  }

  #stepNow(): { readonly step?: number } {
    return defined({ step: this.#state.step });
  }

  /** Resolves with true after the given time, or with false if `#wake` is called earlier. */
  #wait(realMs: number): Promise<boolean> {
    return new Promise((done) => {
      const alarm = setTimeout(() => done(true), Math.min(realMs, 2 ** 31 - 1));
      this.#wake = () => {
        clearTimeout(alarm);
        done(false);
      };
    });
  }

  /** Waits for this time; `#wake` ends the wait early. Returns the real milliseconds that passed. */
  async #waitRealTime(realMs: number): Promise<number> {
    const before = performance.now();
    await this.#wait(realMs);
    return performance.now() - before;
  }

  #throwIfStopped(): void {
    if (this.#stopped !== undefined) throw new PlayStopped(this.#stopped);
  }

  #setState(state: PlayState): void {
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  async #play(): Promise<Run> {
    // Waits for a microtask, so that the caller has this play before its first event occurs.
    await Promise.resolve();
    const played = await playScenario(this.scenario, {
      seed: this.seed,
      startCloud,
      versions: versions(),
      missingParts: 'model',
      allowPrograms: this.#allowsPrograms,
      controller: this,
    });
    await this.#showAll();
    const guest = `a guest acted as the attacker ${this.#acts === 1 ? 'once' : `${this.#acts} times`}`;
    this.run = this.isGuestPlayed ? { ...played, warnings: [...played.warnings, guest] } : played;
    this.#setState({ kind: 'over', at: this.#events.at(-1)?.at ?? this.#state.at, isSeatFree: false });
    return this.run;
  }
}

/** Returns the lines of the feed for all events after the first `sent` events. */
export function newLines(play: Play, sent: number, isForAudience: boolean): readonly FeedLine[] {
  const events = play.events().slice(sent);
  const visible = isForAudience ? events.flatMap((event) => beforeReveal(event) ?? []) : events;
  return [
    ...(visible.length === 0 ? [] : [{ kind: 'happened', events: visible } as const]),
    { kind: 'state', state: isForAudience ? withoutWhy(play.state) : play.state },
  ];
}

/** Removes the reason of a pause, because it reveals the result of a check or the next step to the audience. */
export function withoutWhy({ why: _why, ...state }: PlayState): PlayState {
  return state;
}

/** Returns the reason why an event pauses the play; undefined if it does not. */
function breakpointHit(event: HistoryEvent, { parties, checks: watched }: Breakpoints): string | undefined {
  if (event.kind === 'decision') {
    const made = event.checks.find(({ check }) => watched.includes(check));
    if (made === undefined) return undefined;
    const result = made.passed ? 'passed' : `failed, expected ${made.expected}, found ${made.found}`;
    return `${event.judge} applies ${made.check} (${checks[made.check]}) to ${event.subject}: ${result}`;
  }
  const party = partyOf(event);
  return party !== undefined && parties.includes(party) ? `${party.replaceAll('-', ' ')} acts` : undefined;
}

function partyOf(event: HistoryEvent): Party | undefined {
  if (event.kind === 'deed') return event.party;
  if (event.kind === 'attempt-started') return event.by ?? 'device';
  return undefined;
}
