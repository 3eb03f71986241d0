import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import type { WorldRecord } from './world-record.ts';

/**
 * Returns the events after the first action of the conformance runner on the client or the lab, such as a power cut; undefined if the
 * runner did not act.
 */
export function afterAct({ events }: Pick<WorldRecord, 'events'>): readonly WireEvent[] | undefined {
  const at = events.findIndex(({ kind }) => kind === 'act');
  return at === -1 ? undefined : events.slice(at + 1);
}

/** Returns the events after the second start of the client; undefined if the client started only once. */
export function afterBoot({ events }: Pick<WorldRecord, 'events'>): readonly WireEvent[] | undefined {
  const at = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
  return at === -1 ? undefined : events.slice(at + 1);
}
