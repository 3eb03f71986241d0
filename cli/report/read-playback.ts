import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { nothingPlayed } from '../../core/run/nothing-played.ts';
import type { Run } from '../../core/run/run.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';
import { type Results, resultsShape, type ScenarioResult } from '../../reports/shapes/results-shape.ts';
import { readJson } from '../files/read-json.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { readRun } from './read-run.ts';
import { attacks } from '../../sim/attacks/catalogue.ts';
import { topics } from '../vocabulary.ts';

/**
 * Reads what a run left: a report folder, its results.json, or one run.json.
 *
 * @returns a sentence where it is none of them, or where a run that it names is not there.
 */
export function readPlayback(path: string): Playback | string {
  if (!existsSync(path)) return `there is no ${path}`;
  const isFolder = statSync(path).isDirectory();
  const file = isFolder ? join(path, 'results.json') : path;
  const results = readResults(file, isFolder ? readReportJson(path, ['results.json']) : readJson(path));
  if (results === undefined) return playbackOfOne(file);
  if (typeof results === 'string') return results;
  const played: PlayedRun[] = [];
  for (const one of results.scenarios) {
    const run = one.runFile === null ? runThatIsLost(one, results) : readRun(dirname(file), one.runFile);
    if (typeof run === 'string') return `${run} (${file} names it)`;
    played.push({
      run,
      attempts: one.attempts,
      flaky: one.flaky,
      ...repeatsOf(one),
      runFile: one.runFile ?? undefined,
    });
  }
  const { seed, shard, sabotage, versions, complete, troubles, summary } = results;
  return {
    seed,
    shard: shard ?? undefined,
    sabotage: sabotage?.check as Run['sabotage'],
    versions: versionsOf(versions),
    topics: topics(),
    attacks: attacks,
    complete,
    troubles,
    wallMs: summary.wallMs,
    played,
  };
}

function repeatsOf({ repeats }: ScenarioResult): Pick<PlayedRun, 'repeats'> {
  if (repeats === undefined) return {};
  const differences = repeats.differences.map((one) => ({ ...one, runFile: one.runFile ?? undefined }));
  return { repeats: { played: repeats.played, differences } };
}

/** Undefined where the file is no results.json at all; a sentence where it is one that cannot be read. */
function readResults(file: string, read: ReturnType<typeof readJson>): Results | string | undefined {
  if ('sentence' in read) return read.sentence;
  const { value } = read;
  if (typeof value !== 'object' || value === null || !('scenarios' in value)) return undefined;
  const parsed = resultsShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${file} is no results.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`;
}

function playbackOfOne(file: string): Playback | string {
  const run = readRun(dirname(file), basename(file));
  if (typeof run === 'string') return run;
  return {
    seed: run.seed,
    shard: undefined,
    sabotage: run.sabotage,
    versions: run.versions,
    topics: topics(),
    attacks: attacks,
    complete: true,
    troubles: [],
    wallMs: run.wallMs,
    played: [{ run, attempts: 1, flaky: false, runFile: undefined }],
  };
}

/** A run that left nothing behind: what results.json says of it is all there is. */
function runThatIsLost(one: ScenarioResult, results: Results): Run {
  const { id, file, title, variant, tags, covers, attack, seed, wallMs, verdict, reason, warnings } = one;
  return {
    ...nothingPlayed,
    schemaVersion: results.schemaVersion,
    id,
    file,
    title,
    variant,
    tags,
    covers,
    ...(attack === null ? {} : { attack }),
    seed,
    wallMs,
    versions: versionsOf(results.versions),
    verdict: { kind: verdict, reason },
    warnings,
  };
}

function versionsOf({ rehearsal, node, swtpm }: Results['versions']): Run['versions'] {
  return { rehearsal, node, ...defined({ swtpm }) };
}
