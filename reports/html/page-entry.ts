import { defined } from '../../core/defined.ts';
import type { View } from '../define-report.ts';
import { flakyText } from '../sentences/flaky-text.ts';
import type { PlayedRun } from '../playback.ts';
import type { PageEntry } from './page-data.ts';

/** Returns the entry of a run in the overview, with the location of the run. */
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
    virtualDuration: run.virtualDuration,
    wallMs: Math.round(run.wallMs),
    attempts,
    flaky,
    ...defined({ flakyText: flakyText(played) }),
    runFile: runFile ?? null,
    replay: view.replayCommand(run),
    attestations: [...new Set(run.registrations.map(({ attestation }) => attestation))],
    transports: [...new Set(run.registrations.map(({ transport }) => transport))],
    text,
    block,
    place,
  };
}
