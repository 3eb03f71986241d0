import { readFileSync } from 'node:fs';
import { loadText } from '../../cli/files/load-files.ts';
import type { Scenario } from '../../sim/scenario/load.ts';

/**
 * Texts that make a long shipped scenario shorter, by file. The shorter scenario has the same kinds of hub visits: without a change, with a
 * renewal, and after an expiry or a refused renewal.
 */
const changes: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  // One year has 15 renewals instead of 150.
  'scenarios/certificates/ten-years-through-the-hub.yaml': [
    ['years: P10Y', 'years: P1Y'],
    ['years: P10Y', 'years: P1Y'],
  ],
  // Fewer visits between the renewals, and between the last day of the issuing CA and the end.
  'scenarios/certificates/external-ca-expires.yaml': [
    ['for: P12M, visits: P1D', 'for: P12M, visits: P6D'],
    ['for: P3M, visits: P1D', 'for: P3M, visits: P3D'],
  ],
  // Two renewals instead of twelve, and a tenth of the devices and of the quota.
  'scenarios/fleets/certificates-for-30-days.yaml': [
    ['registrationsPerMinute: 60', 'registrationsPerMinute: 6'],
    ['count: 3000', 'count: 300'],
    ['for: P1Y', 'for: P65D'],
  ],
};

/** Returns the same variant of a shorter form of the scenario; the scenario itself if it is not on the list. */
export function shorter(scenario: Scenario): Scenario {
  const { file, id } = scenario;
  const pairs = changes[file];
  if (pairs === undefined) return scenario;
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of pairs) {
    if (!text.includes(from)) throw new Error(`${file} no longer contains "${from}"; change test/scenarios/shorter.ts`);
    text = text.replace(from, to);
  }
  const loaded = loadText(file, text);
  const found = loaded.ok ? loaded.scenarios.find((one) => one.id === id) : undefined;
  if (found === undefined) throw new Error(`the shorter form of ${file} has no variant ${id}`);
  return found;
}
