import { spokenDuration } from '../../../../core/time/spoken-duration.ts';
import type { PageEntry } from '../../page-data.ts';
import { hashOf } from '../route.ts';
import { VerdictBadge } from '../verdict-badge.tsx';

interface Settings {
  readonly entry: PageEntry;
  readonly place: number;
  readonly count: number;
}

/** A scenario in the list: its verdict, its name, and its virtual and real duration. */
export function ScenarioRow({ entry, place, count }: Settings) {
  const { id, title, variant, verdict, virtualDuration, wallMs, flaky, file } = entry;
  const isPass = verdict.kind === 'pass';
  return (
    <div class="scenario-row" role="listitem" aria-posinset={place} aria-setsize={count}>
      <VerdictBadge kind={verdict.kind} />
      <div class="name">
        <a href={hashOf({ page: 'scenario', id, event: undefined })}>{title}</a>
        <span class="second">{isPass ? (variant === '' ? file : variant) : verdict.reason}</span>
      </div>
      <span class="marks">
        {flaky && <span class="mark">flaky</span>}
        {entry.shows === 'wrong' && <span class="mark">what goes wrong</span>}
      </span>
      <span class="spans">
        <span>{spokenDuration(virtualDuration)}</span>
        <span class="second">{(wallMs / 1000).toFixed(2)} s</span>
      </span>
    </div>
  );
}
