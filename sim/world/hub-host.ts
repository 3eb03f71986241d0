import type { HubSpec, ScenarioHead } from '../scenario/schema.ts';

/** Returns the host name of a hub of the scenario. */
export function hubHost(name: string): string {
  return `${name.toLowerCase()}.azure-devices.net`;
}

/** Returns the names of the hubs of a scenario. */
export function hubNames(hubs: readonly HubSpec[]): readonly string[] {
  return hubs.map((hub) => (typeof hub === 'string' ? hub : hub.name));
}

/** Returns the names of all hubs that devices can be assigned to, those of other tenants included. */
export function allHubNames({ hubs, strangers }: Pick<ScenarioHead['cloud'], 'hubs' | 'strangers'>): readonly string[] {
  return [...hubNames(hubs), ...Object.values(strangers).map(({ hub }) => hub)];
}
