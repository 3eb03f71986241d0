import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { onPrinting, printing } from './printing.ts';
import { rowOffsets } from './row-offsets.ts';

interface Settings {
  readonly count: number;
  /** The height of all rows in pixels, or a list with the height of each row. */
  readonly rowHeight: number | readonly number[];
  /** Draws the rows from `first` to `end` (exclusive). */
  readonly rows: (first: number, end: number) => ComponentChildren;
  /** Index of a row. When the index changes, the list scrolls this row into view. */
  readonly shown?: number | undefined;
  /** Pixels at the top and bottom of the window that other elements cover. */
  readonly covered?: () => { readonly top: number; readonly bottom: number };
}

/**
 * A list that draws only the visible rows, so that a hundred thousand rows need no more time than thirty. The list scrolls with the page,
 * or with an ancestor that has `data-scrolls`. For printing, the first 2,000 rows are drawn.
 */
export function Windowed({ count, rowHeight, rows, shown, covered }: Settings) {
  const box = useRef<HTMLDivElement>(null);
  const offsets = useMemo(() => rowOffsets(rowHeight), [rowHeight]);
  const [[first, end], setSpan] = useState<readonly [number, number]>([0, Math.min(count, 60)]);
  const measure = (): void => {
    const element = box.current;
    if (element === null) return;
    if (printing()) return setSpan([0, Math.min(count, printedRows)]);
    const view = viewOf(element);
    const top = view.top - element.getBoundingClientRect().top;
    const from = Math.max(0, offsets.at(top) - spareRows);
    const to = Math.min(count, offsets.at(top + view.bottom - view.top) + 1 + spareRows);
    const next = [Math.min(from, count), Math.max(to, Math.min(from, count))] as const;
    setSpan((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  };
  useLayoutEffect(measure, [count, offsets]);
  useEffect(() => {
    addEventListener('scroll', measure, { passive: true, capture: true });
    addEventListener('resize', measure);
    const stop = onPrinting(measure);
    return () => {
      removeEventListener('scroll', measure, { capture: true });
      removeEventListener('resize', measure);
      stop();
    };
  }, [count, offsets]);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || shown === undefined || shown < 0) return;
    const view = inWindow(viewOf(element), 4 * (offsets.top(shown + 1) - offsets.top(shown)));
    const { top: above, bottom: below } = covered?.() ?? { top: view.top, bottom: 0 };
    const height = offsets.top(shown + 1) - offsets.top(shown);
    const top = element.getBoundingClientRect().top + offsets.top(shown);
    const bottom = view.bottom - below - height;
    if (top < above) view.scroller.scrollBy({ top: top - above - height, behavior: 'instant' });
    else if (top > bottom) view.scroller.scrollBy({ top: top - bottom + height, behavior: 'instant' });
    measure();
  }, [shown, offsets]);
  const last = Math.min(end, count);
  const height = offsets.top(printing() ? Math.min(count, printedRows) : count);
  return (
    <div class="windowed" ref={box} style={{ height: `${height}px` }} role="presentation">
      <div role="presentation" style={{ transform: `translateY(${offsets.top(first)}px)` }}>
        {rows(Math.min(first, last), last)}
      </div>
      {shown !== undefined && shown >= 0 && shown < count && (shown < first || shown >= last) && (
        // The selected row is always drawn, because the list names it as its active descendant for screen readers.
        <div role="presentation" class="kept" style={{ transform: `translateY(${offsets.top(shown)}px)` }}>
          {rows(shown, shown + 1)}
        </div>
      )}
    </div>
  );
}

/** Returns the visible part of a list in pixels of the window, and the element that scrolls it. */
function viewOf(element: Element): {
  readonly top: number;
  readonly bottom: number;
  readonly scroller: Pick<Element, 'scrollBy'>;
} {
  const frame = element.closest('[data-scrolls]');
  if (frame === null) return { top: 0, bottom: innerHeight, scroller: window };
  const { top, bottom } = frame.getBoundingClientRect();
  return { top, bottom, scroller: frame };
}

/** Returns the part of a view that is inside the window, if it is at least `least` pixels high; otherwise the whole view. */
function inWindow<View extends { readonly top: number; readonly bottom: number }>(view: View, least: number): View {
  const [top, bottom] = [Math.max(0, view.top), Math.min(innerHeight, view.bottom)];
  return bottom - top < least ? view : { ...view, top, bottom };
}

/** Number of rows that the list draws above and below the view, so that fast scrolling shows no gaps. */
const spareRows = 12;
/** Maximum number of rows on paper: about forty pages. A run with a hundred thousand events is too long for paper. */
const printedRows = 2000;
