import { SkewedClock, type Clock } from '../../core/time/clock.ts';
import { addDuration } from '../../core/time/duration.ts';
import type { Party } from '../../core/history/events.ts';
import type { StationSpec } from '../scenario/words/station-words.ts';

/** A place at which a party works on devices. The clock of the station, right or wrong, dates everything that the party makes there. */
export interface Station {
  readonly name: string;
  readonly party: Party;
  readonly place: StationSpec['place'];
  readonly clock: Clock;
  readonly online: boolean;
  readonly holds: StationSpec['holds'];
  readonly keepsCopies: boolean;
}

/** Opens a station of the scenario. From now on, its clock has the offset and drift of the scenario. */
export function openStation(name: string, spec: StationSpec, truth: Clock): Station {
  const { party, place, online, holds, keepsCopies } = spec;
  const clock = new SkewedClock(truth);
  if (spec.clockOffset !== undefined) clock.set(addDuration(truth.now(), spec.clockOffset));
  clock.drift(spec.clockDrift);
  return { name, party, place, clock, online, holds, keepsCopies };
}
