import { useMemo, useRef } from 'preact/hooks';
import type { Run } from '../../../../../core/run/run.ts';
import { useNarrow } from '../../use-narrow.ts';
import { Windowed } from '../../windowed.tsx';
import { type Lane, laneNames, shortLaneNames } from './lanes.ts';
import { useLaneWidth } from './use-lane-width.ts';
import type { ShownRow } from './folded-rows.ts';
import type { Repeat } from './repeats.ts';
import type { Row } from './timeline-rows.ts';
import { TimelineRow } from './timeline-row.tsx';

interface Settings {
  readonly run: Run;
  readonly rows: readonly ShownRow[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
  /** True if the timeline scrolls independently of the page. */
  readonly isFramed?: boolean;
  /** Opens or closes a repeated block of rows. */
  readonly onToggle?: (repeat: Repeat) => void;
}

/** Shows every event in a row, with a mark in the lane of its actor. Time runs downward, and periods without events are folded. */
export function Timeline({ run, rows, chosen, onChoose, isFramed = false, onToggle }: Settings) {
  const lanes = useMemo(() => lanesIn(rows), [rows]);
  const isNarrow = useNarrow();
  const heading = useRef<HTMLDivElement>(null);
  const laneWidth = useLaneWidth(heading, lanes.length, isNarrow);
  const areShort = laneWidth < fullNameWidth;
  const covered = (): { top: number; bottom: number } => ({
    top: heading.current?.getBoundingClientRect().bottom ?? 0,
    bottom: isNarrow && !isFramed ? innerHeight * 0.46 : 0,
  });
  return (
    <div class="timeline" style={{ '--lanes': `${lanes.length}`, '--lane': `${laneWidth}px` }}>
      <div class="lane-names" ref={heading}>
        <span class="when">Time</span>
        {lanes.map((lane) => (
          <span key={lane} class={`lane-name ${lane}`} title={laneNames[lane].replaceAll('\u00AD', '')}>
            {areShort ? shortLaneNames[lane] : laneNames[lane]}
          </span>
        ))}
        <span class="what">Event</span>
      </div>
      <div
        class="events"
        role="listbox"
        tabIndex={0}
        aria-label={`Events of ${run.title}`}
        aria-activedescendant={chosen < 0 ? undefined : `event-${chosen}`}
      >
        <Windowed
          count={rows.length}
          rowHeight={isNarrow ? 46 : 32}
          shown={chosen}
          covered={covered}
          rows={(first, end) =>
            rows
              .slice(first, end)
              .map((row, index) => (
                <TimelineRow
                  key={row.event}
                  row={row}
                  before={rows[first + index - 1]}
                  lanes={lanes}
                  laneWidth={laneWidth}
                  place={first + index}
                  count={rows.length}
                  isChosen={first + index === chosen}
                  onChoose={onChoose}
                  onToggle={onToggle}
                />
              ))
          }
        />
      </div>
    </div>
  );
}

/** Minimum width of a lane in pixels for its full name. */
const fullNameWidth = 54;

function lanesIn(rows: readonly Row[]): readonly Lane[] {
  const found = new Set(rows.flatMap(({ span }) => (span === undefined ? [] : [span.from, span.to])));
  return (Object.keys(laneNames) as Lane[]).filter((lane) => found.has(lane));
}
