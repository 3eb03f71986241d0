import type { PageEntry } from '../../page-data.ts';
import { withSpokenDurations } from '../../../sentences/with-spoken-durations.ts';
import { hashOf } from '../route/route.ts';
import { Trend } from './trend.tsx';
import { VerdictBadge } from '../verdict-badge.tsx';

interface Settings {
  readonly entry: PageEntry;
  readonly place: number;
  readonly count: number;
}

/**
 * A scenario in the list: its verdict, its name, and its virtual and real duration. If the scenario did not pass, the row also shows the
 * reason.
 */
export function ScenarioRow({ entry, place, count }: Settings) {
  const { id, title, variant, verdict, virtualTime, wallMs, flaky, file, why, decidedBy } = entry;
  const chip = otherChoices(title, variant);
  return (
    <div class={`scenario-row ${verdict.kind}`} role="listitem" aria-posinset={place} aria-setsize={count}>
      <VerdictBadge kind={verdict.kind} />
      <div class="name">
        <span class="title">
          <a href={hashOf({ page: 'scenario', id, event: undefined })}>{withSpokenDurations(title)}</a>
        </span>
        {why === undefined ? (
          <span class="second">{chip === '' ? file : chip}</span>
        ) : (
          <span class="why" title={why}>
            {chip !== '' && <b>{chip}</b>}{' '}
            {decidedBy !== undefined && <code class="decided-by">check: {decidedBy}</code>}{' '}
            {decidedBy === undefined ? why : why.replace(`refused by ${decidedBy}: `, '')}
          </span>
        )}
      </div>
      <span class="marks">
        {flaky && <span class="mark">flaky</span>}
        {entry.shows === 'wrong' && <span class="mark">bad practice</span>}
      </span>
      <Trend past={entry.past} now={verdict.kind} />
      <span class="spans">
        <span>{virtualTime}</span>
        <span class="second">{(wallMs / 1000).toFixed(2)} s</span>
      </span>
    </div>
  );
}

/** Returns the choices of a variant that the title does not contain: `transport=mqtt`. */
function otherChoices(title: string, variant: string): string {
  if (title.includes(variant)) return '';
  const other = variant.split(', ').filter((choice) => !title.includes(choice.slice(choice.indexOf('=') + 1)));
  return other.join(', ');
}
