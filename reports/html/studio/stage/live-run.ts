import type { HistoryEvent } from '../../../../core/history/events.ts';
import { nothingPlayed } from '../../../../core/run/nothing-played.ts';
import type { Run } from '../../../../core/run/run.ts';
import type { PlaySummary } from '../../studio-api.ts';

/** Returns a running play as a run without verdicts, for the components of the report. */
export function liveRun(summary: PlaySummary, history: readonly HistoryEvent[]): Run {
  const { id, file, title, variant, seed } = summary;
  return {
    ...nothingPlayed,
    id,
    file,
    title,
    variant,
    seed,
    history,
    tags: [],
    covers: [],
    versions: { rehearsal: '', node: '' },
    verdict: { kind: 'unknown', reason: 'the run has not ended' },
    wallMs: 0,
  };
}
