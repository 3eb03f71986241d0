import { defined } from '../core/defined.ts';
import { mutationResultOf } from '../core/run/mutation-result.ts';
import { schemaVersion, type VerdictKind } from '../core/run/run.ts';
import type { PlayedRun, Playback } from './playback.ts';
import type { Results } from './shapes/results-shape.ts';
import { scenarioResult } from './scenario-result.ts';

/** Returns the contents of results.json; the schema is results.schema.json. */
export function resultsOf(playback: Playback): Results {
  return {
    schemaVersion,
    complete: playback.complete,
    seed: playback.seed,
    shard: playback.shard ?? null,
    ...defined({ selection: selectionResult(playback), sabotage: sabotageResult(playback) }),
    versions: playback.versions,
    summary: summaryOf(playback),
    troubles: [...playback.troubles],
    scenarios: playback.played.map(scenarioResult),
  };
}

function selectionResult({ selection }: Playback): Results['selection'] {
  return selection === undefined ? undefined : { paths: [...selection.paths], grep: selection.grep };
}

function sabotageResult({ played, sabotage: check }: Playback): Results['sabotage'] {
  if (check === undefined) return undefined;
  return { check, noticedBy: played.filter(({ run }) => mutationResultOf(run) === 'noticed').map(({ run }) => run.id) };
}

function summaryOf({ played, wallMs }: Playback): Results['summary'] {
  const counted = (kind: VerdictKind): number => played.filter(({ run }) => run.verdict.kind === kind).length;
  return {
    total: played.length,
    passed: counted('pass'),
    failed: counted('fail'),
    skipped: counted('skipped'),
    unknown: counted('unknown'),
    flaky: played.filter(({ flaky }) => flaky).length,
    wallMs: Math.round(wallMs),
  };
}

/** Returns the text of results.json. */
export function resultsJson(playback: Playback): string {
  return resultsOctets(playback).toString();
}

/**
 * Returns results.json in UTF-8. A run writes the file again and again while scenarios end, so the octets of each scenario are cached. The
 * results of a large suite have megabytes, and copying octets takes a fraction of the time that encoding them takes.
 */
export function resultsOctets(playback: Playback): Buffer {
  const counted = { summary: summaryOf(playback), ...defined({ sabotage: sabotageResult(playback) }) };
  const text = JSON.stringify({ ...resultsOf({ ...playback, played: [] }), ...counted }, null, 2);
  const scenarios = playback.played.map(scenarioOctets);
  if (scenarios.length === 0) return Buffer.from(`${text}\n`);
  const before = Buffer.from(`${text.slice(0, text.lastIndexOf('[]'))}[\n`);
  const parts = scenarios.flatMap((octets, index) => (index === 0 ? [octets] : [separator, octets]));
  return Buffer.concat([before, ...parts, Buffer.from('\n  ]\n}\n')]);
}

const separator = Buffer.from(',\n');

const known = new WeakMap<PlayedRun, Buffer>();

function scenarioOctets(played: PlayedRun): Buffer {
  const before = known.get(played);
  if (before !== undefined) return before;
  const text = `    ${JSON.stringify(scenarioResult(played), null, 2).replaceAll('\n', '\n    ')}`;
  const octets = Buffer.from(text);
  known.set(played, octets);
  return octets;
}
