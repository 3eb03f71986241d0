import { attackTally } from '../../../../core/findings/attack-results.ts';
import type { HistoryEvent } from '../../../../core/history/events.ts';
import type { ChoiceValue, StudioAction, StudioConsole } from '../../studio-api.ts';

/** Returns the devices that the attacker has impersonated, by their names or registration IDs. */
export function impersonatedIn(events: readonly HistoryEvent[]): ReadonlySet<string> {
  return new Set(attackTally(events).breached.map((name) => name.replace(/^attacker as /, '')));
}

/**
 * Returns a value for each required argument of an action, so that the user can try the action at once: the newest loot, and the first
 * device that was not impersonated yet.
 */
export function defaultWords(
  { words }: StudioAction,
  { loot, targets }: StudioConsole,
  impersonated: ReadonlySet<string>,
): Readonly<Record<string, ChoiceValue>> {
  const target = targets.find(({ name }) => !impersonated.has(name)) ?? targets[0];
  const wanted: Readonly<Record<string, string | undefined>> = {
    device: target?.name,
    deviceId: target?.registrationId ?? target?.name,
    registrationId: target?.registrationId ?? target?.name,
    with: loot.at(-1)?.name,
    as: `loot-${loot.length + 1}`,
  };
  return Object.fromEntries(
    words.flatMap(({ word, kind, value, isOptional, options }) => {
      if (isOptional || value !== null) return [];
      const known = wanted[word];
      if (kind === 'text') return known === undefined ? [] : [[word, known] as const];
      if (kind !== 'one-of') return [];
      const chosen = known !== undefined && options.includes(known) ? known : options[0];
      return chosen === undefined ? [] : [[word, chosen] as const];
    }),
  );
}
