import type { Run } from '../../../../core/run/run.ts';
import { runTimeText } from '../../../sentences/run-time-text.ts';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import type { PageEntry, PageIndex } from '../../page-data.ts';
import { listMemory } from '../route/list-memory.ts';
import { VerdictBadge } from '../verdict-badge.tsx';
import { Neighbours } from './neighbours.tsx';
import { SourceLink } from './source/source-link.tsx';

interface Settings {
  readonly index: PageIndex;
  readonly entry: PageEntry;
  readonly run: Run;
}

/** The title and the verdict of a scenario. */
export function ScenarioHead({ index, entry, run }: Settings) {
  return (
    <header class="scenario-head">
      <p class="crumbs">
        <a href={listMemory.address}>All scenarios</a> <span aria-hidden="true">/</span>{' '}
        <SourceLink index={index} file={run.file} />
      </p>
      <Neighbours index={index} entry={entry} />
      <h1>{withSpokenDurations(run.title)}</h1>
      <p class="facts">
        <VerdictBadge kind={run.verdict.kind} />{' '}
        {run.verdict.kind === 'skipped' && <strong class="reason">{run.verdict.reason}</strong>}
        {entry.id !== run.id && <span class="mark">of the earlier run</span>}
        {run.variant !== '' && <code class="variant">{run.variant}</code>}
        <span>
          {runTimeText(run)}, run in {(run.wallMs / 1000).toFixed(2)} s
        </span>
        {entry.flaky && <span class="mark">{entry.flakyText}</span>}
        {run.shows === 'wrong' && <span class="mark">demonstrates a failure</span>}
      </p>
      {run.sabotage !== undefined && <p class="warning">Check {run.sabotage} was disabled in this run.</p>}
      {run.warnings.map((warning) => (
        <p key={warning} class="warning">
          {warning}
        </p>
      ))}
    </header>
  );
}
