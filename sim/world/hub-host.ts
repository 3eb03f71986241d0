import type { HubSpec, ScenarioHead } from '../scenario/schema.ts';

/** Returns the host name of a hub of the scenario. */
export function hubHost(name: string): string {
  return `${name.toLowerCase()}.azure-devices.net`;
}

/** Returns the names of the hubs of a scenario. */
export function hubNames(hubs: readonly HubSpec[]): readonly string[] {
  return hubs.map((hub) => (typeof hub === 'string' ? hub : hub.name));
}

/** Returns the names of all hubs to which devices can be assigned, including the hubs of other tenants. */
export function allHubNames({ hubs, strangers }: Pick<ScenarioHead['cloud'], 'hubs' | 'strangers'>): readonly string[] {
  return [...hubNames(hubs), ...Object.values(strangers).map(({ hub }) => hub)];
}
