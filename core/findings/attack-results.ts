import type { HistoryEvent } from '../history/events.ts';
import { firstFailed } from '../history/decision.ts';

/**
 * The result of an action of an attacker. A `breach` is a success of the attacker, so it is bad news, even if the author of the scenario
 * expected it. `refused` means that a service or device refused the attacker, and `failed` that the attempt ended for another reason.
 */
export type AttackResult = 'breach' | 'refused' | 'failed';

/** The words for the results, each with a sign that a reader can recognise without colour. */
export const attackWords = {
  breach: { word: 'Breach', sign: '⚠', tone: 'bad' },
  refused: { word: 'Attacker refused', sign: '✓', tone: 'good' },
  failed: { word: 'Attacker failed', sign: '✓', tone: 'good' },
} as const satisfies Record<AttackResult, { word: string; sign: string; tone: 'good' | 'bad' }>;

/** An event with the result of an attack. */
export interface AttackEvent {
  readonly result: AttackResult;
  /** Index of the step, from 0; undefined between two steps, when only the attacker console acts. */
  readonly step: number | undefined;
  /** Name of the client in the attempt, such as `attacker as sensor-2`; undefined for a decision or a measurement. */
  readonly device: string | undefined;
}

/** Returns the events of a history that show whether an attacker succeeded, by their indexes. */
export function attackResults(history: readonly HistoryEvent[]): ReadonlyMap<number, AttackEvent> {
  const results = new Map<number, AttackEvent>();
  /** Registration IDs of the attempts in progress, by the name of the client. */
  const intruders = new Map<string, string>();
  let step: number | undefined;
  for (const [index, event] of history.entries()) {
    if (event.kind === 'step-started') step = event.step;
    else if (event.kind === 'step-ended') step = undefined;
    else if (event.kind === 'attempt-started' && event.by === 'attacker') {
      intruders.set(event.device, event.registrationId);
    } else if (event.kind === 'attempt-ended' && intruders.delete(event.device)) {
      const result = event.outcome === 'assigned' ? 'breach' : event.outcome;
      results.set(index, { result, step, device: event.device });
    } else if (event.kind === 'decision' && event.judge !== 'device' && firstFailed(event) !== undefined) {
      // A decision never counts as a breach, because a later decision may still refuse the attacker.
      if (intruders.size === 0 || ![...intruders.values()].includes(event.subject)) continue;
      results.set(index, { result: 'refused', step, device: undefined });
    } else if (event.kind === 'blast-radius') {
      results.set(index, { result: event.impersonated.length > 0 ? 'breach' : 'failed', step, device: undefined });
    }
  }
  return results;
}

/** Counts the clients with which attackers made attempts, and lists the clients that a hub accepted. */
export function attackTally(history: readonly HistoryEvent[]): {
  readonly attempts: number;
  readonly breached: readonly string[];
} {
  const ended = [...attackResults(history).values()].flatMap(({ result, device }) =>
    device === undefined ? [] : [{ result, device }],
  );
  const breached = ended.flatMap(({ result, device }) => (result === 'breach' ? [device] : []));
  return { attempts: new Set(ended.map(({ device }) => device)).size, breached: [...new Set(breached)] };
}
