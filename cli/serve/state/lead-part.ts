import type { AdvancingClock } from '../../../core/time/clock.ts';
import type { EntryChange, SavedChange, StorePart } from '../../../core/cloud/snapshot.ts';

/** Name of the part in a journal that holds the lead of the lab's clock over real time. */
export const leadPartName = 'clock';

const key = 'leadMs';

/**
 * Returns the part of the saved state that holds the lead of a clock over real time. The caller calls `changed` after each change of the
 * clock.
 */
export function leadPart(clock: AdvancingClock): StorePart & { changed(): void } {
  let onChange: ((key: string, change: EntryChange) => void) | undefined;
  return {
    watch: (listener) => {
      onChange = listener;
    },
    saveEntry: () => clock.leadMs,
    loadEntry: () => {},
    changed: () => onChange?.(key, 'replaced'),
  };
}

/** Returns the lead of the lab's clock after all changes. @param leadMs lead before the changes, in milliseconds. */
export function leadAfter(leadMs: number | undefined, changes: readonly SavedChange[]): number | undefined {
  const last = changes.findLast(({ part }) => part === leadPartName);
  return last === undefined ? leadMs : Number(last.value);
}
