import { dayText } from '../../../../sentences/day-text.ts';
import { timeText } from '../../format/instant.ts';
import { type Lane, laneNames } from './lanes.ts';
import { LaneMarks } from './lane-marks.tsx';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly row: Row;
  readonly before: Row | undefined;
  readonly lanes: readonly Lane[];
  readonly laneWidth: number;
  /** Index among all rows, from 0. */
  readonly place: number;
  readonly count: number;
  readonly isChosen: boolean;
  readonly onChoose: (row: number) => void;
}

/** An event of the timeline. */
export function TimelineRow({ row, before, lanes, laneWidth, place, count, isChosen, onChoose }: Settings) {
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
      <span class="what">
        {row.span !== undefined && <span class="unseen">{whose(row.span)}: </span>}
        {row.text}
      </span>
    </div>
  );
}

function whose({ from, to }: NonNullable<Row['span']>): string {
  return from === to ? name(from) : `${name(from)} to ${name(to)}`;
}

/** Returns the name of a lane without soft hyphens. */
function name(lane: Lane): string {
  return laneNames[lane].replaceAll('\u00AD', '');
}
