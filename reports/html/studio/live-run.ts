import type { HistoryEvent } from '../../../core/history.ts';
import type { Run } from '../../../core/run.ts';
import type { PlaySummary } from '../studio-api.ts';

/** A run that is not over yet, for those parts of the report that show one: nothing is judged in it. */
export function liveRun(summary: PlaySummary, history: readonly HistoryEvent[]): Run {
  const { id, file, title, variant, seed } = summary;
  return {
    schemaVersion: 1,
    id,
    file,
    title,
    variant,
    seed,
    history,
    tags: [],
    covers: [],
    versions: { rehearsal: '', node: '' },
    fidelity: {} as Run['fidelity'],
    verdict: { kind: 'unknown', reason: 'it is not over' },
    warnings: [],
    stepVerdicts: [],
    registrations: [],
    lines: [],
    drills: [],
    signals: [],
    secrets: [],
    audits: [],
    virtualDuration: 'PT0S',
    wallMs: 0,
  };
}
