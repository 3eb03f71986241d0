import { useLayoutEffect } from 'preact/hooks';
import { largestZoom } from './zoom-window.ts';

interface Settings {
  /** Number of rows of the run. */
  readonly count: number;
  readonly zoom: number;
  readonly onZoom: (zoom: number) => void;
}

/** Buttons that magnify the strip of a run; the keys `+`, `-` and `0` do the same. */
export function ZoomButtons({ count, zoom, onZoom }: Settings) {
  const largest = largestZoom(count);
  const by = (factor: number): void => onZoom(Math.min(largest, Math.max(1, zoom * factor)));
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key, target, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey) return;
      if (target instanceof Element && target.closest('input:not([type=range]), select, textarea, dialog') !== null)
        return;
      if (key === '+' || key === '=') by(2);
      else if (key === '-') by(1 / 2);
      else if (key === '0') onZoom(1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  if (largest === 1) return null;
  return (
    <span class="zoom" role="group" aria-label="Zoom of the time strip">
      <button type="button" aria-label="Zoom out" disabled={zoom === 1} onClick={() => by(1 / 2)}>
        −
      </button>
      <span class="second" role="status" aria-label="Zoom">
        {zoom}×
      </span>
      <button type="button" aria-label="Zoom in" disabled={zoom >= largest} onClick={() => by(2)}>
        +
      </button>
    </span>
  );
}
