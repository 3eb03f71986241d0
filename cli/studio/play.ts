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
import type { Scenario, Step } from '../../sim/scenario/scenario.ts';
import { versions } from '../versions.ts';
import { beforeReveal } from './before-reveal.ts';

/** How a play is watched. */
interface WatchSettings {
  readonly seed: string;
  readonly pace: Pace;
  readonly breakpoints: Breakpoints;
  /** Real milliseconds that a play may stand before it is ended: nobody waits for it any more. */
  readonly patienceMs: number;
}

/** One play of a scenario that somebody watches: it can be held up, slowed down, ended, and its attacker played by a guest. */
export class Play implements RunController {
  readonly scenario: Scenario;
  readonly seed: string;
  /** The run when it is over. */
  readonly ended: Promise<Run>;
  run: Run | undefined;
  #pace: Pace;
  #breakpoints: Breakpoints;
  readonly #patienceMs: number;
  readonly #events: HistoryEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #state: PlayState;
  /** Why it is to stand at the next moment at which it can. */
  #why: string | undefined;
  #seat: AttackerConsole | undefined;
  #isActing = false;
  #acts = 0;
  /** Why it is to end before its end. */
  #stopped: string | undefined;
  /** Ends the present wait, whatever for. */
  #wake: () => void = () => {};

  constructor(scenario: Scenario, { seed, pace, breakpoints, patienceMs }: WatchSettings) {
    this.scenario = scenario;
    this.seed = seed;
    this.#pace = pace;
    this.#breakpoints = breakpoints;
    this.#patienceMs = patienceMs;
    this.#state = { kind: 'playing', at: Date.parse(scenario.start), step: 0, isSeatFree: false };
    this.ended = this.#play();
  }

  get state(): PlayState {
    return this.#state;
  }

  get isGuestPlayed(): boolean {
    return this.#acts > 0;
  }

  /** What happened so far, which only grows. */
  events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Calls `listener` when something has happened or the state has changed; returns how to end that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pause(): void {
    this.#why ??= 'paused by hand';
    this.#wake();
  }

  /** Goes on; another pace or other breakpoints hold from now on. */
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

  /** Goes on to the next moment at which it can stand: the next step, or a jump of the clock inside one. */
  step(): void {
    this.#why = 'the next moment';
    this.#wake();
  }

  stop(): void {
    this.#stopped ??= 'the play was stopped before its end, so nothing is shown by it';
    this.#wake();
  }

  /** The seat of the attacker, while the play stands between two steps. */
  get seat(): AttackerConsole | undefined {
    return this.#state.isSeatFree && !this.#isActing ? this.#seat : undefined;
  }

  /** Does a step of an attacker. @returns undefined where the seat is not free. */
  async act(written: unknown): Promise<Acted | undefined> {
    const { seat } = this;
    if (seat === undefined) return undefined;
    this.#isActing = true;
    try {
      const acted = await seat.act(written);
      if (acted.ok) this.#acts++;
      return acted;
    } finally {
      this.#isActing = false;
      this.#tell({ ...this.#state, at: seat.now() });
      this.#wake();
    }
  }

  onEvent(event: HistoryEvent): void {
    this.#events.push(event);
    this.#why ??= reasonIn(event, this.#breakpoints);
    this.#notify();
  }

  beforeWait({ index }: Step): void {
    this.#tell({ ...this.#state, step: index });
  }

  async beforeStep(next: Step | undefined, seat: AttackerConsole): Promise<void> {
    const step = next === undefined ? {} : { step: next.index };
    this.#tell({ kind: 'playing', at: seat.now(), ...step, isSeatFree: false });
    const title = next === undefined ? 'the timeline is at its end' : `before step ${next.index + 1}, ${next.name}`;
    if (next !== undefined && this.#breakpoints.steps.includes(next.index))
      this.#why = `${title}: there is a breakpoint`;
    else if (this.#pace.kind === 'step-by-step' || this.#why === 'the next moment') this.#why = title;
    if (this.#why !== undefined) await this.#stand(this.#why, seat);
    this.#throwIfStopped();
  }

  async beforeTimeJump(from: Millis, to: Millis): Promise<void> {
    this.#throwIfStopped();
    if (this.#isActing) return;
    if (this.#why === 'the next moment')
      this.#why = `it is ${isoInstant(from)}, and nothing happens until ${isoInstant(to)}`;
    let left = 1;
    while (left > 0) {
      const at = Math.round(to - left * (to - from));
      // Who holds it up on the way stands where it has come to.
      this.#state = { ...this.#state, at };
      if (this.#why !== undefined) await this.#stand(this.#why);
      this.#throwIfStopped();
      if (this.#pace.kind !== 'by-time') break;
      const wholeMs = ((to - from) / this.#pace.millisPerSecond) * 1000;
      const { millisPerSecond } = this.#pace;
      this.#tell({ ...this.#state, kind: 'playing', at, until: to, millisPerSecond, isSeatFree: false });
      const before = performance.now();
      await this.#wait(left * wholeMs);
      left -= (performance.now() - before) / Math.max(1, wholeMs);
      // Whoever steps has waited long enough for this one.
      if (this.#why === 'the next moment') break;
    }
    this.#tell({ kind: 'playing', at: to, ...this.#stepNow(), isSeatFree: false });
  }

  /** Waits until somebody says to go on. */
  async #stand(why: string, seat?: AttackerConsole): Promise<void> {
    if (this.#stopped !== undefined) return;
    this.#seat = seat;
    this.#why = why;
    const { at } = this.#state;
    this.#tell({ kind: 'paused', at, ...this.#stepNow(), why, isSeatFree: seat !== undefined });
    const patience = this.#patienceMs;
    // What is begun from the seat is ended before anything else goes on.
    while (this.#isActing || (this.#why === why && this.#stopped === undefined)) {
      const isForgotten = await this.#wait(patience);
      if (isForgotten && !this.#isActing) {
        this.#stopped ??= `the play stood for ${patience / 60_000} minutes and nobody said to go on, so it was ended; nothing is shown by it`;
      }
    }
    this.#seat = undefined;
    this.#tell({ kind: 'playing', at: this.#state.at, ...this.#stepNow(), isSeatFree: false });
  }

  #stepNow(): { readonly step?: number } {
    return this.#state.step === undefined ? {} : { step: this.#state.step };
  }

  /** Returns whether the time was over before anybody woke it. */
  #wait(realMs: number): Promise<boolean> {
    return new Promise((done) => {
      const alarm = setTimeout(() => done(true), Math.min(realMs, 2 ** 31 - 1));
      this.#wake = () => {
        clearTimeout(alarm);
        done(false);
      };
    });
  }

  #throwIfStopped(): void {
    if (this.#stopped !== undefined) throw new PlayStopped(this.#stopped);
  }

  #tell(state: PlayState): void {
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  async #play(): Promise<Run> {
    // Whoever began it is to be told of it before anything happens.
    await Promise.resolve();
    const played = await playScenario(this.scenario, {
      seed: this.seed,
      startCloud,
      versions: versions(),
      missingParts: 'model',
      controller: this,
    });
    const guest = `a guest took the seat of the attacker ${this.#acts === 1 ? 'once' : `${this.#acts} times`}`;
    this.run = this.isGuestPlayed ? { ...played, warnings: [...played.warnings, guest] } : played;
    this.#tell({ kind: 'over', at: this.#events.at(-1)?.at ?? this.#state.at, isSeatFree: false });
    return this.run;
  }
}

/** What a listener has not been told yet, in lines. */
export function newLines(play: Play, told: number, isForAudience: boolean): readonly FeedLine[] {
  const events = play.events().slice(told);
  const shown = isForAudience ? events.flatMap((event) => beforeReveal(event) ?? []) : events;
  return [
    ...(shown.length === 0 ? [] : [{ kind: 'happened', events: shown } as const]),
    { kind: 'state', state: isForAudience ? withoutWhy(play.state) : play.state },
  ];
}

/** A breakpoint on a check says how it was judged, and one on a step what comes next. */
export function withoutWhy({ why: _why, ...state }: PlayState): PlayState {
  return state;
}

/** Why a play is to stand because of an event; undefined where it is not. */
function reasonIn(event: HistoryEvent, { parties, checks: watched }: Breakpoints): string | undefined {
  if (event.kind === 'decision') {
    const made = event.checks.find(({ check }) => watched.includes(check));
    if (made === undefined) return undefined;
    const holds = made.passed ? 'it holds' : `it does not hold: expected ${made.expected}, found ${made.found}`;
    return `${event.judge} judges ${event.subject} by ${made.check} (${checks[made.check]}), and ${holds}`;
  }
  const party = partyOf(event);
  return party !== undefined && parties.includes(party) ? `${party.replaceAll('-', ' ')} acts` : undefined;
}

function partyOf(event: HistoryEvent): Party | undefined {
  if (event.kind === 'deed') return event.party;
  if (event.kind === 'attempt-started') return event.by ?? 'device';
  return undefined;
}
