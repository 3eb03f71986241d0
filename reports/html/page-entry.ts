import type { View } from '../define-report.ts';
import type { PlayedRun } from '../playback.ts';
import type { PageEntry } from './page-data.ts';

/** What the overview shows of a run, and where the rest of it is. */
export function pageEntry(
  { run, attempts, flaky, runFile }: PlayedRun,
  view: View,
  { block, place }: { readonly block: number; readonly place: number },
): PageEntry {
  return {
    id: run.id,
    file: run.file,
    title: run.title,
    variant: run.variant,
    tags: run.tags,
    covers: run.covers,
    ...(run.attack === undefined ? {} : { attack: run.attack }),
    ...(run.shows === undefined ? {} : { shows: run.shows }),
    ...(run.sabotage === undefined ? {} : { sabotage: run.sabotage }),
    verdict: run.verdict,
    warnings: run.warnings,
    virtualDuration: run.virtualDuration,
    wallMs: Math.round(run.wallMs),
    attempts,
    flaky,
    runFile: runFile ?? null,
    replay: view.replayCommand(run),
    attestations: [...new Set(run.registrations.map(({ attestation }) => attestation))],
    transports: [...new Set(run.registrations.map(({ transport }) => transport))],
    block,
    place,
  };
}
