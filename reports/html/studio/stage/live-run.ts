import type { HistoryEvent } from '../../../../core/history/events.ts';
import { nothingPlayed } from '../../../../core/run/nothing-played.ts';
import type { Run } from '../../../../core/run/run.ts';
import type { PlaySummary } from '../../studio-api.ts';

/** A run that is not over yet, for those parts of the report that show one: nothing is judged in it. */
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
    verdict: { kind: 'unknown', reason: 'it is not over' },
    wallMs: 0,
  };
}
