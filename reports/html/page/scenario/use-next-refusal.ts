import { useLayoutEffect } from 'preact/hooks';
import { firstFailed } from '../../../../core/history/decision.ts';
import type { HistoryEvent } from '../../../../core/history/events.ts';

/** Handles the key `n`, which goes to the next decision that refused a device, and after the last such decision to the first. */
export function useNextRefusal(
  history: readonly HistoryEvent[],
  event: number | undefined,
  onEvent: (event: number) => void,
): void {
  useLayoutEffect(() => {
    const onKey = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      if (key !== 'n' || ctrlKey || metaKey || altKey) return;
      if (target instanceof Element && target.closest('input, select, textarea, dialog') !== null) return;
      const refusals = history.flatMap((one, index) => (isRefusal(one) ? [index] : []));
      const next = refusals.find((index) => index > (event ?? -1)) ?? refusals[0];
      if (next !== undefined) onEvent(next);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}

function isRefusal(event: HistoryEvent): boolean {
  return event.kind === 'decision' && firstFailed(event) !== undefined;
}
