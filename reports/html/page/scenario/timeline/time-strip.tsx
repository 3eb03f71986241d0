import { useMemo } from 'preact/hooks';
import type { Row } from './timeline-rows.ts';

interface Settings {
  readonly rows: readonly Row[];
  /** Index of the selected row; -1 if none is selected. */
  readonly chosen: number;
  readonly onChoose: (row: number) => void;
}

/**
 * The whole run in one strip: steps, refusals, and the periods without events with their lengths. A period has a fixed width, so a year
 * does not hide an hour. The strip is for the mouse; the slider below it does the same for the keyboard.
 */
export function TimeStrip({ rows, chosen, onChoose }: Settings) {
  const marks = useMemo(() => marksOf(rows), [rows]);
  const share = (row: number): string => `${(100 * (row + 0.5)) / rows.length}%`;
  return (
    <div
      class="time-strip"
      aria-hidden="true"
      onClick={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        onChoose(Math.min(rows.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * rows.length))));
      }}
    >
      {marks.map(({ row, kind, text }) => (
        <span key={row} class={`tick ${kind}`} style={{ left: share(row) }} title={text}>
          {kind === 'fold' && <i>{text.replace(' without events', '')}</i>}
        </span>
      ))}
      {chosen >= 0 && <span class="here" style={{ left: share(chosen) }} />}
    </div>
  );
}

interface Mark {
  readonly row: number;
  readonly kind: 'step' | 'fold' | 'bad' | 'good';
  readonly text: string;
}

/** Returns the marks of the strip. If there are too many marks of one kind, it returns an evenly distributed selection. */
function marksOf(rows: readonly Row[]): readonly Mark[] {
  const marks = rows.flatMap(({ kind, tone, text }, row): Mark[] => {
    if (kind === 'step' || kind === 'fold') return [{ row, kind, text }];
    return tone === 'plain' ? [] : [{ row, kind: tone, text }];
  });
  return (['fold', 'step', 'good', 'bad'] as const).flatMap((kind) => {
    const alike = marks.filter((mark) => mark.kind === kind);
    const every = Math.ceil(alike.length / mostMarks[kind]);
    return alike.filter((_, index) => index % every === 0);
  });
}

/** Maximum number of marks of each kind. A period has a label and needs more space than a line. */
const mostMarks = { fold: 8, step: 60, good: 200, bad: 200 };
