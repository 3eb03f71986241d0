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

/** Returns the text of results.json. A run writes the file after each scenario, so the text of each scenario is cached. */
export function resultsJson(playback: Playback): string {
  const counted = { summary: summaryOf(playback), ...defined({ sabotage: sabotageResult(playback) }) };
  const text = JSON.stringify({ ...resultsOf({ ...playback, played: [] }), ...counted }, null, 2);
  const scenarios = playback.played.map(scenarioText).join(',\n');
  if (scenarios === '') return `${text}\n`;
  return `${text.slice(0, text.lastIndexOf('[]'))}[\n${scenarios}\n  ]\n}\n`;
}

const texts = new WeakMap<PlayedRun, string>();

function scenarioText(played: PlayedRun): string {
  const known = texts.get(played);
  if (known !== undefined) return known;
  const text = `    ${JSON.stringify(scenarioResult(played), null, 2).replaceAll('\n', '\n    ')}`;
  texts.set(played, text);
  return text;
}
