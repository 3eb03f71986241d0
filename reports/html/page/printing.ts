import { options } from 'preact';

const listeners = new Set<() => void>();
let isPrinting = false;

/** Returns true while the browser prints the page. The page must then also draw rows outside the view. */
export function printing(): boolean {
  return isPrinting;
}

/** Calls `listener` when printing begins and ends. Returns a function that removes the listener. */
export function onPrinting(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Draws all rows before the page is printed. */
export function followPrinting(): void {
  const media = matchMedia('print');
  media.addEventListener('change', () => turn(media.matches));
  addEventListener('beforeprint', () => turn(true));
  addEventListener('afterprint', () => turn(false));
}

function turn(now: boolean): void {
  if (now === isPrinting) return;
  isPrinting = now;
  // The browser prints the page when this handler returns, so the handler draws the page now and not in the next frame.
  options.debounceRendering = (draw) => draw();
  for (const listener of listeners) listener();
  delete options.debounceRendering;
}
