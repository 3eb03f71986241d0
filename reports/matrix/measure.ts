import { isoInstant } from '../../core/time/clock.ts';
import { durationBetween } from '../../core/time/duration.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import type { Run } from '../../core/run/run.ts';

/** The measurements of one cell of the matrix, from the history of the run of this cell. */
export interface Measures {
  /** Number of tried identities that the attacker could take over before any defence. */
  readonly impersonated: number;
  readonly tried: number;
  /** Names of those stations of the production line that needed a network connection. */
  readonly online: readonly string[];
  /** Average number of actions on the production line for each unit. */
  readonly lineSteps: number;
  /** Number of different secrets to which a person, company or machine had unneeded access before the theft. */
  readonly needless: number;
  /**
   * ISO 8601 duration from the first ban (a step that revokes the stolen credentials) to the first trial in which the attacker can take
   * over no identity; null if there is no such trial.
   */
  readonly banBites: string | null;
  /** Number of devices of the fleet that are not in service after the operator revoked the stolen credentials. */
  readonly keptOut: number;
  readonly fleet: number;
  /** Number of actions that gave devices new credentials, after the operator revoked the stolen credentials. */
  readonly rollDeeds: number;
  /** Number of devices that needed a visit on site for new credentials. */
  readonly rollVisits: number;
  /** Number of devices of the fleet that are in service again with new credentials. */
  readonly back: number;
  /** Number of identities that the attacker can still take over when the devices have new credentials. */
  readonly impersonatedAfterRoll: number;
}

type Trial = HistoryEvent & { readonly kind: 'blast-radius' };

/**
 * Returns the measurements of a cell from its run. The attacker tries the loot four times, and these trials divide the history: after the
 * theft, after the enrollment was disabled, after the hub identity was disabled, and at the end. Returns undefined if the history does not
 * have these trials.
 */
export function measure({ history, lines, secrets }: Run): Measures | undefined {
  const trials = history.flatMap((event, index) => (event.kind === 'blast-radius' ? [{ event, index }] : []));
  const [first, , third, fourth] = trials;
  const [line] = lines;
  if (first === undefined || third === undefined || fourth === undefined || line === undefined) return undefined;
  const units = new Set(history.flatMap((event) => (event.kind === 'unit' ? [event.device] : [])));
  const afterBan = history.slice(third.index, fourth.index);
  const roll = afterBan.filter(isDefence);
  const theft = isoInstant(
    history.find((event) => event.kind === 'step-started' && event.name === 'steal-key')?.at ?? 0,
  );
  const needless = secrets.filter(({ flag, from }) => flag === 'needless' && from <= theft);
  return {
    impersonated: first.event.impersonated.length,
    tried: first.event.tried.length,
    online: line.online,
    lineSteps: line.built === 0 ? 0 : Math.round((lineSteps(history) / line.built) * 100) / 100,
    needless: new Set(needless.map(({ secret }) => secret)).size,
    banBites: banBites(
      history.slice(first.index),
      trials.slice(1).map(({ event }) => event),
    ),
    keptOut: outcomes(afterBan, 'connect', units).filter((outcome) => outcome !== 'assigned').length,
    fleet: units.size,
    rollDeeds: roll.length,
    rollVisits: new Set(
      roll.map(({ party, subject }) => (party === 'manufacturer' ? subject : '')).filter((name) => units.has(name)),
    ).size,
    back: outcomes(afterBan, 'register', units).filter((outcome) => outcome === 'assigned').length,
    impersonatedAfterRoll: fourth.event.impersonated.length,
  };
}

function isDefence(event: HistoryEvent): event is HistoryEvent & { readonly kind: 'deed' } {
  return event.kind === 'deed' && event.party !== 'attacker';
}

function lineSteps(history: readonly HistoryEvent[]): number {
  const start = history.findIndex((event) => event.kind === 'step-started' && event.name === 'produce');
  const end = history.findIndex((event) => event.kind === 'line-ended');
  return history.slice(start, end).filter((event) => event.kind === 'deed' && event.station !== undefined).length;
}

function banBites(since: readonly HistoryEvent[], trials: readonly Trial[]): string | null {
  const ban = since.find(isDefence);
  const end = trials.slice(0, 2).find(({ impersonated }) => impersonated.length === 0);
  return ban === undefined || end === undefined ? null : durationBetween(ban.at, end.at);
}

/** Returns the last outcome of each device in the steps with the name `step`. */
function outcomes(events: readonly HistoryEvent[], step: string, units: ReadonlySet<string>): readonly string[] {
  let current = '';
  const found = new Map<string, string>();
  for (const event of events) {
    if (event.kind === 'step-started') current = event.name;
    if (event.kind === 'attempt-ended' && current === step && units.has(event.device))
      found.set(event.device, event.outcome);
  }
  return [...found.values()];
}
