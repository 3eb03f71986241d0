import { useMemo } from 'preact/hooks';
import { dayText } from '../../../../sentences/day-text.ts';
import type { Row } from './timeline-rows.ts';
import { zoomWindow } from './zoom-window.ts';

interface Settings {
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
  /** Magnification; 1 shows the whole run. */
  readonly zoom: number;
}

/**
 * Shows the run in a strip: steps, refusals, and the periods without events with their lengths. Each period without events has the same
 * width, so that a year does not hide an hour. If the strip is magnified, a map of the whole run is above the strip. The strip is for mouse
 * users; keyboard users have the slider below it.
 */
export function TimeStrip({ rows, chosen, onChoose, zoom }: Settings) {
  const [first, end] = zoomWindow(rows.length, chosen, zoom);
  return (
    <div class="time-strips" aria-hidden="true">
      {zoom > 1 && (
        <Strip rows={rows} chosen={chosen} onChoose={onChoose} span={[0, rows.length]} marked={[first, end]} />
      )}
      <Strip rows={rows} chosen={chosen} onChoose={onChoose} span={[first, end]} />
      <p class="ends second">
        <span>{dayText(rows[first]?.at ?? 0)}</span>
        <span>{dayText(rows[end - 1]?.at ?? 0)}</span>
      </p>
    </div>
  );
}

interface StripSettings extends Omit<Settings, 'zoom'> {
  /** The first row of the strip, and the row after the last one. */
  readonly span: readonly [number, number];
  /** A part of the strip that is outlined. */
  readonly marked?: readonly [number, number];
}

function Strip({ rows, chosen, onChoose, span: [first, end], marked }: StripSettings) {
  const marks = useMemo(() => marksOf(rows, first, end), [rows, first, end]);
  const share = (row: number): string => `${(100 * (row + 0.5 - first)) / (end - first)}%`;
  return (
    <div
      class={marked === undefined ? 'time-strip' : 'time-strip map'}
      onClick={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        const row = first + Math.floor(((clientX - left) / width) * (end - first));
        onChoose(Math.min(end - 1, Math.max(first, row)));
      }}
    >
      {marks.map(({ row, kind, text }) => (
        <span key={row} class={`tick ${kind}`} style={{ left: share(row) }} title={text}>
          {kind === 'fold' && marked === undefined && <i>{text.replace(' without events', '')}</i>}
        </span>
      ))}
      {marked !== undefined && (
        <span
          class="window"
          style={{
            left: `${(100 * marked[0]) / rows.length}%`,
            width: `${(100 * (marked[1] - marked[0])) / rows.length}%`,
          }}
        />
      )}
      {chosen >= first && chosen < end && <span class="here" style={{ left: share(chosen) }} />}
    </div>
  );
}

interface Mark {
  readonly row: number;
  readonly kind: 'step' | 'fold' | 'bad' | 'good';
  readonly text: string;
}

/** Returns the marks of a strip. If there are too many marks of one kind, returns an evenly distributed selection of them. */
function marksOf(rows: readonly Row[], first: number, end: number): readonly Mark[] {
  const shortest = ((rows[end - 1]?.at ?? 0) - (rows[first]?.at ?? 0)) * leastShare;
  const marks = rows.slice(first, end).flatMap(({ kind, at, tone, text }, index): Mark[] => {
    const row = first + index;
    const isShort = (rows[row + 1]?.at ?? at) - at < shortest;
    if (kind === 'step' || (kind === 'fold' && !isShort)) return [{ row, kind, text }];
    return tone === 'plain' ? [] : [{ row, kind: tone, text }];
  });
  return (['fold', 'step', 'good', 'bad'] as const).flatMap((kind) => {
    const alike = marks.filter((mark) => mark.kind === kind);
    const every = Math.ceil(alike.length / mostMarks[kind]);
    return alike.filter((_, index) => index % every === 0);
  });
}

/** A period without events has a mark if it is at least this fraction of the displayed time. */
const leastShare = 0.01;

/**
 * Maximum number of marks of each kind. `fold` has a small number, because a period without events has a label, which needs more space than
 * a line.
 */
const mostMarks = { fold: 8, step: 60, good: 200, bad: 200 };
