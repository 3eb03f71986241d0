import { options } from 'preact';

const listeners = new Set<() => void>();
let isPrinting = false;

/** Whether the page is being printed, when nothing can be left out for not being in view. */
export function printing(): boolean {
  return isPrinting;
}

/** Calls `listener` when printing begins and ends; returns how to end that. */
export function onPrinting(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Lets everything be drawn before it is printed. */
export function followPrinting(): void {
  const media = matchMedia('print');
  media.addEventListener('change', () => turn(media.matches));
  addEventListener('beforeprint', () => turn(true));
  addEventListener('afterprint', () => turn(false));
}

function turn(now: boolean): void {
  if (now === isPrinting) return;
  isPrinting = now;
  // The browser prints what it finds when this returns: the page is drawn at once and not in its next moment.
  options.debounceRendering = (draw) => draw();
  for (const listener of listeners) listener();
  delete options.debounceRendering;
}
