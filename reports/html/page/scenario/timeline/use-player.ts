import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Moves through rows by user input or automatically. */
export interface Player {
  readonly isPlaying: boolean;
  readonly pace: PlayerPace;
  setPace(pace: PlayerPace): void;
  toggle(): void;
  step(by: number): void;
}

/**
 * Moves through the rows by keys: arrow keys by one row, Home and End to the ends. Space starts and stops the automatic movement. Ignores a
 * key that the focused field or button uses.
 *
 * @param chosen index of the selected row; -1 if none is selected.
 * @param instantOf returns the instant of a row in milliseconds, for a pace that is proportional to time.
 */
export function usePlayer(
  count: number,
  chosen: number,
  choose: (row: number) => void,
  instantOf: (row: number) => number = () => 0,
): Player {
  const [isPlaying, setPlaying] = useState(false);
  const [pace, setPace] = useState<PlayerPace>('normal');
  const goTo = (row: number): void => choose(Math.max(0, Math.min(count - 1, row)));
  const player: Player = {
    isPlaying,
    pace,
    setPace,
    toggle: () => {
      if (!isPlaying && chosen >= count - 1) goTo(0);
      setPlaying(!isPlaying);
    },
    step: (by) => {
      setPlaying(false);
      goTo(chosen + by);
    },
  };
  useEffect(() => {
    if (!isPlaying) return;
    if (chosen >= count - 1) return setPlaying(false);
    const timer = setTimeout(() => goTo(chosen + 1), waitFor(pace, instantOf(chosen + 1) - instantOf(chosen)));
    return () => clearTimeout(timer);
  }, [isPlaying, chosen, count, pace]);
  // A layout effect runs before the browser shows the selection, so the next key always uses the new selection.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTaken(event)) return;
      const action = keys[event.key];
      if (action === undefined || count === 0) return;
      event.preventDefault();
      action(player, count);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return player;
}

/** The automatic paces. */
export const playerPaces = {
  slow: 'slow',
  normal: 'normal',
  quick: 'fast',
  time: 'proportional to time',
} as const;

export type PlayerPace = keyof typeof playerPaces;

/**
 * Returns the milliseconds until the next event: enough to read a line. At the pace `time`, the wait is longer if a long period without
 * events precedes the next event.
 */
function waitFor(pace: PlayerPace, gapMs: number): number {
  if (pace !== 'time') return { slow: 2200, normal: 900, quick: 250 }[pace];
  // The wait grows with the logarithm of the gap, so that a gap of a year does not take twelve times as long as a gap of a month.
  return Math.min(4000, 250 + 500 * Math.log10(1 + Math.max(0, gapMs) / 60_000));
}

const keys: Readonly<Record<string, (player: Player, count: number) => void>> = {
  ArrowRight: (player) => player.step(1),
  ArrowDown: (player) => player.step(1),
  ArrowLeft: (player) => player.step(-1),
  ArrowUp: (player) => player.step(-1),
  Home: (player, count) => player.step(-count),
  End: (player, count) => player.step(count),
  ' ': (player) => player.toggle(),
};

/** Returns true if the focused element uses the key. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}
