import { flagHoldings } from '../../core/findings/flag-holdings.ts';
import { secretHoldings } from '../../core/findings/secrets.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import { flagText } from '../../reports/sentences/flag-text.ts';

/**
 * Returns one line for each secret that has a stolen, shared or unneeded copy in a secret location, such as a station or a device: `shared
 * key fleet-key: unneeded copy at line; shared with another device at sensor-1 and 3 more`.
 */
export function exposedSecrets(events: readonly HistoryEvent[]): readonly string[] {
  const secrets = new Map<string, Map<string, Set<string>>>();
  for (const { secret, place, party, flag } of flagHoldings(secretHoldings(events))) {
    if (flag === undefined) continue;
    const finding = flagText(flag, party);
    const findings = secrets.get(secret) ?? new Map<string, Set<string>>();
    secrets.set(secret, findings.set(finding, (findings.get(finding) ?? new Set()).add(place)));
  }
  return [...secrets].map(
    ([secret, findings]) =>
      `${secret}: ${[...findings].map(([finding, places]) => `${finding} at ${listed([...places])}`).join('; ')}`,
  );
}

/** Returns all secret locations if there are at most four, otherwise the first one and the number of the other locations. */
function listed(places: readonly string[]): string {
  return places.length <= 4 ? places.join(', ') : `${places[0]} and ${places.length - 1} more`;
}
