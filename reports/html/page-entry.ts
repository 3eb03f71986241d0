import { defined } from '../../core/defined.ts';
import type { View } from '../define-report.ts';
import { flakyText } from '../sentences/flaky-text.ts';
import { runTimeText } from '../sentences/run-time-text.ts';
import { decidingCheckOf, whyText } from '../sentences/why-text.ts';
import type { PlayedRun } from '../playback.ts';
import type { PageEntry } from './page-data.ts';

/** Returns the entry of a run in the overview, with the position of the run in the data of the page. */
export function pageEntry(
  played: PlayedRun,
  view: View,
  { block, place, text }: Pick<PageEntry, 'block' | 'place' | 'text'>,
): PageEntry {
  const { run, attempts, flaky, runFile } = played;
  return {
    id: run.id,
    file: run.file,
    title: run.title,
    variant: run.variant,
    tags: run.tags,
    covers: run.covers,
    ...defined({ attack: run.attack, shows: run.shows, sabotage: run.sabotage }),
    verdict: run.verdict,
    warnings: run.warnings,
    virtualTime: runTimeText(run),
    wallMs: Math.round(run.wallMs),
    attempts,
    flaky,
    ...defined({ flakyText: flakyText(played) }),
    runFile: runFile ?? null,
    replay: view.replayCommand(run) ?? '',
    attestations: distinct(run.registrations.map(({ attestation }) => attestation)),
    transports: distinct(run.registrations.map(({ transport }) => transport)),
    ...defined({
      why: run.verdict.kind === 'pass' ? undefined : whyText(run),
      decidedBy: decidingCheckOf(run)?.check,
    }),
    checks: distinct(run.registrations.map(({ check }) => check)),
    codes: distinct(run.registrations.map(({ errorCode }) => errorCode)).map(String),
    hubs: distinct(run.registrations.map(({ hub }) => hub)),
    devices: distinct(run.registrations.map(({ device }) => device)).slice(0, listedDevices),
    past: (view.history ?? []).map(({ scenarios }) => scenarios[run.id]?.[0] ?? null),
    text,
    block,
    place,
  };
}

const listedDevices = 50;

/** Returns each value once, in order, without missing values. */
function distinct<T>(values: readonly (T | undefined)[]): readonly T[] {
  return [...new Set(values.flatMap((value) => (value === undefined ? [] : [value])))];
}
