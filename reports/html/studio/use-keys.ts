import { useLayoutEffect } from 'preact/hooks';
import type { PlayState } from '../studio-api.ts';

interface Settings {
  readonly state: PlayState | undefined;
  readonly canBegin: boolean;
  readonly begin: () => void;
  readonly order: (what: 'pause' | 'resume' | 'step' | 'stop') => void;
}

/** Handles two keys, unless the focused element uses the key: Space plays and pauses, `.` runs one step. */
export function useKeys({ state, canBegin, begin, order }: Settings): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      if (event.key === ' ') {
        event.preventDefault();
        if (state?.kind === 'playing') order('pause');
        else if (state?.kind === 'paused') order('resume');
        else if (canBegin) begin();
      } else if (event.key === '.' && state?.kind === 'paused') {
        event.preventDefault();
        order('step');
      }
    };
    // The listener is on the window, so that the keys work wherever the focus is.
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea, [contenteditable]') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}
