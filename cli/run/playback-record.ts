import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { defined } from '../../core/defined.ts';
import { forwardSlashes } from '../../core/forward-slashes.ts';
import { identityOf } from '../../core/run/scenario-identity.ts';
import { nothingPlayed } from '../../core/run/nothing-played.ts';
import type { Run } from '../../core/run/run.ts';
import type { PlayedRun, Playback, RepeatDifference } from '../../reports/playback.ts';
import type { Plan, PlannedScenario, Playing } from './plan.ts';
import type { AttemptEnd } from './player.ts';

/** The end of an attempt to run a scenario. */
export interface Ended {
  readonly end: AttemptEnd;
  /** Number of the retry; 0 for the first attempt. */
  readonly retry: number;
  /** Absolute path of the run.json of this attempt. Only a completed attempt has written it. */
  readonly runFile: string;
  readonly wallMs: number;
}

/**
 * The results of a run so far. The record has every scenario of the plan from the start, with the verdict `unknown` until the scenario has
 * a result. So no scenario can be lost.
 */
export class PlaybackRecord {
  readonly #plan: Plan;
  readonly #folder: string;
  readonly #shard: string | undefined;
  readonly #startedAt = performance.now();
  readonly #troubles: string[] = [];
  readonly #planned: readonly PlannedScenario[];
  readonly #played = new Map<string, PlayedRun>();
  readonly #lost = new Map<string, PlayedRun>();
  #isStopped = false;
  #isEnded = false;

  constructor({ plan, folder }: Playing, shard: string | undefined) {
    this.#plan = plan;
    this.#folder = folder.path;
    this.#shard = shard;
    this.#planned = plan.scenarios;
  }

  /** Records the end of an attempt and returns the result of its scenario so far. */
  settle(planned: PlannedScenario, ended: Ended): PlayedRun {
    const run = this.#runOf(planned, ended);
    const flaky = ended.retry > 0 && run.verdict.kind === 'pass';
    const isWritten = ended.end.kind === 'completed';
    const runFile = isWritten ? forwardSlashes(relative(this.#folder, ended.runFile)) : undefined;
    const played = { run, attempts: ended.retry + 1, flaky, runFile };
    this.#played.set(planned.id, played);
    return played;
  }

  /** Records a repeat of a scenario, and its difference from the first run, if any. */
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

  /** Records that the run has reached its end. */
  end(): void {
    this.#isEnded = true;
  }

  playback(): Playback {
    const played = this.#planned.map((planned) => this.#played.get(planned.id) ?? this.#unplayed(planned));
    return {
      seed: this.#plan.seed,
      shard: this.#shard,
      ...defined({ selection: this.#plan.selection }),
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
    const run = lostRun(this.#plan, planned, 'the run ended before this scenario had a result', 0);
    const lost = { run, attempts: 0, flaky: false, runFile: undefined };
    this.#lost.set(planned.id, lost);
    return lost;
  }

  #runOf(planned: PlannedScenario, { end, runFile, wallMs }: Ended): Run {
    const unknown = (reason: string): Run => lostRun(this.#plan, planned, reason, wallMs);
    const limit = `${this.#plan.timeLimitMs / 1000} s (change the limit with --time-limit)`;
    if (end.kind === 'timed-out') return unknown(`the scenario did not end within ${limit}`);
    if (end.kind === 'hung') return unknown(`the scenario blocked its process for ${limit}, so the run ended`);
    if (end.kind === 'interrupted') {
      this.#isStopped = true;
      return unknown('the run was stopped during this scenario');
    }
    if (end.kind === 'crashed') return unknown(`the process of the scenario failed: ${end.error}`);
    try {
      const run: Run = JSON.parse(readFileSync(runFile, 'utf8'));
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
