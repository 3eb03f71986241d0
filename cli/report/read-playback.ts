import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defined } from '../../core/defined.ts';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { nothingPlayed } from '../../core/run/nothing-played.ts';
import type { Run } from '../../core/run/run.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';
import { type Results, resultsShape, type ScenarioResult } from '../../reports/shapes/results-shape.ts';
import { readJson } from '../files/read-json.ts';
import { readReportJson } from '../files/read-report-json.ts';
import { readRun } from './read-run.ts';
import { attacks } from '../../sim/attacks/catalogue.ts';
import { topics } from '../files/topics.ts';

/**
 * Reads a recorded run: a report folder, its results.json, or one run.json. Fails if the path is none of these three, or if a run.json that
 * results.json names is missing.
 */
export function readPlayback(path: string): Result<Playback> {
  if (!existsSync(path))
    return failed('missing', `${path} not found; name a report folder, a results.json or a run.json`);
  const isFolder = statSync(path).isDirectory();
  const file = isFolder ? join(path, 'results.json') : path;
  const read = readResults(file, isFolder ? readReportJson(path, ['results.json']) : readJson(path));
  if (!read.ok) return read;
  const results = read.value;
  if (results === undefined) return playbackOfOne(file);
  const played: PlayedRun[] = [];
  for (const one of results.scenarios) {
    const run = one.runFile === null ? succeeded(lostRun(one, results)) : readRun(dirname(file), one.runFile);
    if (!run.ok) return failed(run.failure.code, `${run.failure.sentence} (${file} refers to this file)`);
    played.push({
      run: run.value,
      attempts: one.attempts,
      flaky: one.flaky,
      ...repeatsOf(one),
      runFile: one.runFile ?? undefined,
    });
  }
  const { seed, shard, selection, sabotage, versions, complete, troubles, summary } = results;
  return succeeded({
    seed,
    shard: shard ?? undefined,
    ...defined({ selection }),
    sabotage: sabotage?.check as Run['sabotage'],
    versions: versionsOf(versions),
    topics: topics(),
    attacks: attacks,
    complete,
    troubles,
    wallMs: summary.wallMs,
    played,
  });
}

function repeatsOf({ repeats }: ScenarioResult): Pick<PlayedRun, 'repeats'> {
  if (repeats === undefined) return {};
  const differences = repeats.differences.map((one) => ({ ...one, runFile: one.runFile ?? undefined }));
  return { repeats: { played: repeats.played, differences } };
}

/** Returns undefined if the JSON is not a results.json. Fails if another version of rehearse wrote it. */
export function readResults(file: string, read: Result<unknown>): Result<Results | undefined> {
  if (!read.ok) return read;
  const { value } = read;
  if (typeof value !== 'object' || value === null || !('scenarios' in value)) return succeeded(undefined);
  const parsed = resultsShape.safeParse(value);
  if (parsed.success) return succeeded(parsed.data);
  const [issue] = parsed.error.issues;
  return failed(
    'wrong-file',
    `${file} is not a results.json of this version of rehearse: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

function playbackOfOne(file: string): Result<Playback> {
  const read = readRun(dirname(file), basename(file));
  if (!read.ok) return read;
  const run = read.value;
  return succeeded({
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
  });
}

/** Returns a run without a run.json, from its entry in results.json. */
function lostRun(one: ScenarioResult, results: Results): Run {
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
    ...defined({ attack: attack ?? undefined }),
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
