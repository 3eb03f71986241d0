import type { Cloud } from '../../../core/cloud/cloud.ts';
import type { History } from '../../../core/history/history.ts';
import type { AdvancingClock } from '../../../core/time/clock.ts';
import type { Secret } from '../secrets.ts';
import type { Ready } from '../ready.ts';
import type { EventStreams } from '../watch/event-streams.ts';

/** The parts of a lab that the control API uses. */
export interface Controlled {
  readonly clock: AdvancingClock;
  readonly history: History;
  readonly cloud: Cloud;
  readonly streams: EventStreams;
  /** Hubs with their host names, and TPMs. */
  readonly parts: Pick<Ready, 'idScope' | 'tpms'> & Pick<Ready['hosts'], 'hubs' | 'hubNames'>;
  secrets(): readonly Secret[];
  /** Called after the clock was advanced. */
  onAdvance(): void;
}
