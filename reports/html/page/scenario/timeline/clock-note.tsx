import type { HistoryEvent } from '../../../../../core/history/events.ts';
import { instantText } from '../../format/instant.ts';
import { spanText } from '../../format/span.ts';

/** Shows the clock of the device in an attempt if it differs from the true time. */
export function ClockNote({ history, event }: { readonly history: readonly HistoryEvent[]; readonly event: number }) {
  const attempt = attemptAround(history, event);
  if (attempt?.clock === undefined) return null;
  const { at, clock, device } = attempt;
  return (
    <p class="clock-note">
      The clock of {device} shows <b>{instantText(clock)}</b> at the start of the attempt:{' '}
      {clock < at ? `${spanText(clock, at)} behind` : `${spanText(at, clock)} ahead of`} the true time.
    </p>
  );
}

/** Returns the attempt that is in progress at an event. If the event names a device, returns only an attempt of this device. */
function attemptAround(
  history: readonly HistoryEvent[],
  event: number,
): Extract<HistoryEvent, { kind: 'attempt-started' }> | undefined {
  const ended = new Set<string>();
  const named = nameIn(history[event]);
  for (let place = event; place >= 0; place -= 1) {
    const one = history[place];
    if (one === undefined || one.kind === 'step-started') return undefined;
    if (one.kind === 'attempt-ended' && place !== event) ended.add(one.registrationId);
    if (one.kind !== 'attempt-started' || ended.has(one.registrationId)) continue;
    if (named === undefined || named === one.registrationId || named === one.device) return one;
  }
  return undefined;
}

function nameIn(event: HistoryEvent | undefined): string | undefined {
  if (event?.kind === 'wire') return event.from;
  if (event?.kind === 'decision') return event.subject;
  return event?.kind === 'attempt-started' || event?.kind === 'attempt-ended' ? event.registrationId : undefined;
}
