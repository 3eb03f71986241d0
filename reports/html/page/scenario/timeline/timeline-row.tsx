import { dayText } from '../../../../sentences/day-text.ts';
import { timeText } from '../../format/instant.ts';
import { type Lane, laneNames } from './lanes.ts';
import { LaneMarks } from './lane-marks.tsx';
import { EventIcon } from './event-icon.tsx';
import type { ShownRow } from './folded-rows.ts';
import type { Repeat } from './repeats.ts';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly row: ShownRow;
  readonly before: ShownRow | undefined;
  readonly lanes: readonly Lane[];
  readonly laneWidth: number;
  /** Index among all rows, from 0. */
  readonly place: number;
  readonly count: number;
  readonly isChosen: boolean;
  readonly onChoose: (row: number) => void;
  readonly onToggle: ((repeat: Repeat) => void) | undefined;
}

/** An event of the timeline. */
export function TimelineRow({ row, before, lanes, laneWidth, place, count, isChosen, onChoose, onToggle }: Settings) {
  const isNews = before === undefined || before.kind === 'fold' || before.at !== row.at;
  return (
    <div
      id={`event-${place}`}
      class={`row ${row.kind} ${row.tone}${isChosen ? ' chosen' : ''}`}
      role="option"
      aria-selected={isChosen}
      aria-posinset={place + 1}
      aria-setsize={count}
      onClick={() => onChoose(place)}
    >
      <span class={`when${isNews ? '' : ' again'}`}>
        {row.kind !== 'fold' && (
          <>
            {(before === undefined || dayText(before.at) !== dayText(row.at) || before.kind === 'fold') && (
              <b>{dayText(row.at)}</b>
            )}{' '}
            <span>{timeText(row.at)}</span>
          </>
        )}
      </span>
      <LaneMarks row={row} lanes={lanes} laneWidth={laneWidth} />
      <span class="what" title={row.text}>
        {row.span !== undefined && <span class="unseen">{whose(row.span)}: </span>}
        <EventIcon icon={row.icon} />
        {row.repeat !== undefined && <Times repeat={row.repeat} onToggle={onToggle} />}
        {row.text}
      </span>
    </div>
  );
}

interface TimesSettings {
  readonly repeat: NonNullable<ShownRow['repeat']>;
  readonly onToggle: ((repeat: Repeat) => void) | undefined;
}

/**
 * Shows how often a block of rows repeats. A click opens or closes the repeated blocks; keyboard users have a button in the details of the
 * event.
 */
function Times({ repeat, onToggle }: TimesSettings) {
  return (
    <span
      class="times"
      title={repeat.isOpen ? 'Fold the repeats' : 'Show every repeat'}
      onClick={(event) => {
        if (onToggle === undefined) return;
        event.stopPropagation();
        onToggle(repeat);
      }}
    >
      ×{repeat.times.toLocaleString('en')}
      <span class="unseen"> times: </span>
    </span>
  );
}

function whose({ from, to }: NonNullable<Row['span']>): string {
  return from === to ? name(from) : `${name(from)} to ${name(to)}`;
}

/** Returns the name of a lane without soft hyphens. */
function name(lane: Lane): string {
  return laneNames[lane].replaceAll('\u00AD', '');
}
