import type { PageEntry, PageIndex } from '../../page-data.ts';
import { counted } from '../format/counted.ts';

/** The parts of a run that decide its headline. */
interface Ended extends Pick<PageIndex, 'complete' | 'sabotage' | 'troubles'> {
  readonly entries: readonly Pick<PageEntry, 'verdict' | 'flaky'>[];
}

/** Returns the result of a run in a few words. A run in which no scenario ran or one was flaky is not called passed. */
export function headline({ entries, complete, sabotage, troubles }: Ended): string {
  if (sabotage !== null) return `Check ${sabotage} was disabled`;
  if (!complete) return 'The run was stopped before its end';
  const failed = entries.filter(({ verdict }) => verdict.kind === 'fail' || verdict.kind === 'unknown').length;
  if (failed > 0) return `${counted(failed, 'scenario')} did not pass`;
  const skipped = entries.filter(({ verdict }) => verdict.kind === 'skipped').length;
  if (skipped === entries.length) return 'No scenario ran';
  const flaky = entries.filter((entry) => entry.flaky).length;
  if (flaky > 0) return counted(flaky, 'scenario is flaky', 'scenarios are flaky');
  const passed = skipped > 0 ? 'All executed scenarios passed' : 'All scenarios passed';
  return troubles.length > 0 ? `${passed}, but the run had problems` : passed;
}
