import type { WireEvent, WireEventData } from '../../../core/conformance/wire-event.ts';
import type { WorldFacts } from '../worlds/world-facts.ts';

/** The record of one run of the client in a world, a lab with fixed settings and faults. */
export interface WorldRecord {
  readonly world: string;
  readonly facts: WorldFacts;
  readonly events: readonly WireEvent[];
  /** Duration of the run in milliseconds. */
  readonly tookMs: number;
}

/** An event of one kind. */
export type EventOf<Kind extends WireEventData['kind']> = Extract<WireEvent, { readonly kind: Kind }>;

/** Returns the events of one kind, in order. */
export function eventsOf<Kind extends WireEventData['kind']>(
  { events }: Pick<WorldRecord, 'events'>,
  kind: Kind,
): readonly EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}
