import type { AdvancingClock } from '../../core/time/clock.ts';
import type { EntryChange, SavedChange, StorePart } from '../../core/cloud/snapshot.ts';

/** How a journal names the lead of the lab's clock. */
export const leadPartName = 'clock';

const key = 'leadMs';

/** The lead of a clock as something that is kept. Call `changed` after each change. */
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

/** The lead after all changes. @param leadMs before them, in milliseconds. */
export function leadAfter(leadMs: number | undefined, changes: readonly SavedChange[]): number | undefined {
  const last = changes.findLast(({ part }) => part === leadPartName);
  return last === undefined ? leadMs : Number(last.value);
}
