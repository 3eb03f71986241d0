import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { defined } from '../../core/defined.ts';
import { identityOf } from '../../core/run/scenario-identity.ts';
import { nothingPlayed } from '../../core/run/nothing-played.ts';
import type { Run } from '../../core/run/run.ts';
import type { PlayedRun, Playback, RepeatDifference } from '../../reports/playback.ts';
import type { PlaybackMessage } from './playwright-reporter.ts';
import type { Plan, PlannedScenario, Playing } from './plan.ts';

type Ended = PlaybackMessage & { readonly kind: 'scenario-ended' };

/**
 * The results of a run so far. Every scenario of the plan is in it from the start, as `unknown` until it has a result, so that none can
 * be lost.
 */
export class PlaybackRecord {
  readonly #plan: Plan;
  readonly #folder: string;
  readonly #shard: string | undefined;
  readonly #startedAt = performance.now();
  readonly #troubles: string[] = [];
  #planned: readonly PlannedScenario[];
  readonly #played = new Map<string, PlayedRun>();
  readonly #lost = new Map<string, PlayedRun>();
  readonly #hung = new Set<string>();
  #isStopped = false;
  #isEnded = false;

  constructor({ plan, folder }: Playing, shard: string | undefined) {
    this.#plan = plan;
    this.#folder = folder.path;
    this.#shard = shard;
    this.#planned = plan.scenarios;
  }

  /** Limits the plan to the scenarios of this shard. */
  begin(ids: readonly string[]): void {
    const chosen = new Set(ids);
    this.#planned = this.#plan.scenarios.filter(({ id }) => chosen.has(id));
  }

  /** Records that the worker of a scenario does not respond and will be killed. */
  hang(id: string): void {
    this.#hung.add(id);
  }

  /** Records the end of an attempt and returns the result of its scenario so far. */
  settle(ended: Ended): PlayedRun | undefined {
    const planned = this.#planned.find(({ id }) => id === ended.id);
    if (planned === undefined) return undefined;
    const run = this.#runOf(planned, ended);
    const flaky = ended.retry > 0 && run.verdict.kind === 'pass';
    const runFile =
      ended.runFile === undefined ? undefined : relative(this.#folder, ended.runFile).replaceAll('\\', '/');
    const played = { run, attempts: ended.retry + 1, flaky, runFile };
    this.#played.set(planned.id, played);
    return played;
  }

  /** Records a repeat of a scenario, and the difference if there is one. */
  repeated(id: string, difference: RepeatDifference | undefined): PlayedRun | undefined {
    const played = this.#played.get(id);
    if (played === undefined) return undefined;
    const { played: times, differences } = played.repeats ?? { played: 1, differences: [] };
    const repeats = {
      played: times + 1,
      differences: [...differences, ...(difference === undefined ? [] : [difference])],
    };
    const now = { ...played, flaky: played.flaky || repeats.differences.length > 0, repeats };
    this.#played.set(id, now);
    return now;
  }

  trouble(sentence: string): void {
    this.#troubles.push(sentence);
  }

  /** Records that the worker processes ended by themselves. */
  end(): void {
    this.#isEnded = true;
  }

  playback(): Playback {
    const played = this.#planned.map((planned) => this.#played.get(planned.id) ?? this.#unplayed(planned));
    return {
      seed: this.#plan.seed,
      shard: this.#shard,
      sabotage: this.#plan.sabotage,
      versions: this.#plan.versions,
      topics: this.#plan.topics,
      attacks: this.#plan.attacks,
      complete: this.#isEnded && !this.#isStopped && played.every(({ attempts }) => attempts > 0),
      troubles: this.#troubles,
      wallMs: performance.now() - this.#startedAt,
      played,
    };
  }

  /** Returns the same object on each call, because reports cache by object. */
  #unplayed(planned: PlannedScenario): PlayedRun {
    const known = this.#lost.get(planned.id);
    if (known !== undefined) return known;
    const run = lostRun(this.#plan, planned, 'the run ended before this scenario did', 0);
    const lost = { run, attempts: 0, flaky: false, runFile: undefined };
    this.#lost.set(planned.id, lost);
    return lost;
  }

  #runOf(planned: PlannedScenario, ended: Ended): Run {
    const unknown = (reason: string): Run => lostRun(this.#plan, planned, reason, ended.wallMs);
    const limit = `${this.#plan.timeLimitMs / 1000} s (change the limit with --time-limit)`;
    if (this.#hung.delete(ended.id)) return unknown(`the worker process did not respond within ${limit}`);
    if (ended.end === 'timed-out') return unknown(`the scenario did not end within ${limit}`);
    if (ended.end === 'interrupted') {
      this.#isStopped = true;
      return unknown('the run was stopped during this scenario');
    }
    if (ended.runFile === undefined) return unknown(`the worker process ended: ${ended.error ?? 'no error message'}`);
    try {
      const run: Run = JSON.parse(readFileSync(ended.runFile, 'utf8'));
      return run;
    } catch (error) {
      return unknown(`its run.json cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Returns a run without results, from the plan and the reason. */
function lostRun(plan: Plan, planned: PlannedScenario, reason: string, wallMs: number): Run {
  return {
    ...nothingPlayed,
    ...identityOf(planned),
    seed: planned.seed,
    wallMs,
    ...defined({ sabotage: plan.sabotage }),
    versions: plan.versions,
    verdict: { kind: 'unknown', reason },
  };
}
