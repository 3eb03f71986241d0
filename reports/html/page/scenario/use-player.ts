import { useEffect, useState } from 'preact/hooks';

/** Steps through rows by hand or by itself. */
export interface Player {
  readonly isPlaying: boolean;
  toggle(): void;
  step(by: number): void;
}

/**
 * Arrows step, Home and End jump, Space plays, unless a field or a button has the focus that needs the key for itself.
 *
 * @param chosen -1 for none.
 */
export function usePlayer(count: number, chosen: number, choose: (row: number) => void): Player {
  const [isPlaying, setPlaying] = useState(false);
  const goTo = (row: number): void => choose(Math.max(0, Math.min(count - 1, row)));
  const player: Player = {
    isPlaying,
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
    const timer = setTimeout(() => goTo(chosen + 1), pace);
    return () => clearTimeout(timer);
  }, [isPlaying, chosen, count]);
  useEffect(() => {
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

/** Milliseconds per event: time enough to read a line. */
const pace = 900;

const keys: Readonly<Record<string, (player: Player, count: number) => void>> = {
  ArrowRight: (player) => player.step(1),
  ArrowDown: (player) => player.step(1),
  ArrowLeft: (player) => player.step(-1),
  ArrowUp: (player) => player.step(-1),
  Home: (player, count) => player.step(-count),
  End: (player, count) => player.step(count),
  ' ': (player) => player.toggle(),
};

/** Whether who has the focus does something of its own with the key. */
function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('input, select, textarea') !== null) return true;
  return key === ' ' && target.closest('button, a, summary') !== null;
}
