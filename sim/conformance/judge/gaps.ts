import type { WireEvent } from '../../../core/conformance/wire-event.ts';

/** The time between two events. */
export interface Gap<Event extends WireEvent> {
  readonly from: WireEvent;
  readonly to: Event;
  readonly ms: number;
}

/** Returns the time between each event and its successor. */
export function gapsBetween<Event extends WireEvent>(events: readonly Event[]): readonly Gap<Event>[] {
  return events.slice(1).map((to, at) => {
    const from = events[at] ?? to;
    return { from, to, ms: to.at - from.at };
  });
}

/** Formats milliseconds: `3 ms`, `1.25 s`. */
export function showMs(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** A timer of the client may end this many milliseconds too early, because client and service round times differently. */
export const timerToleranceMs = 50;
