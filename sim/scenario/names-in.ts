import { publicRootNames } from '../../core/wire/tls/public-roots.ts';
import type { Names } from './mistakes/references.ts';

/** Returns the names that a file defines. Skips mistakes, so that one misspelt key does not make every reference unknown. */
export function namesIn(written: Readonly<Record<string, unknown>>): Names {
  const cloud = asMap(written['cloud']);
  const hubs = cloud['hubs'];
  const roots = cloud['serverRoots'];
  const keys = written['keys'];
  return {
    device: Object.entries(asMap(written['devices'])).flatMap(([name, spec]) => {
      const count = asMap(spec)['count'];
      const members =
        typeof count === 'number' && count <= 30_000 && isListed(asMap(spec)['fleet'])
          ? Array.from({ length: count }, (_, at) => `${name}-${at + 1}`)
          : [];
      return [name, ...members];
    }),
    ca: Object.keys(asMap(written['pki'])),
    hub: [
      ...(Array.isArray(hubs) ? hubs.map((hub: unknown) => String(asMap(hub)['name'] ?? hub)) : ['hub-eu']),
      ...Object.values(asMap(cloud['strangers'])).map((stranger) => String(asMap(stranger)['hub'])),
    ],
    stranger: Object.keys(asMap(cloud['strangers'])),
    group: Object.keys(asMap(cloud['enrollmentGroups'])),
    policy: Object.keys(asMap(cloud['credentialPolicies'])),
    key: Array.isArray(keys) ? keys.map(String) : [],
    root: Array.isArray(roots) ? roots.map(String) : cloud['tls'] === undefined ? ['server-root'] : publicRootNames,
    station: Object.keys(asMap(written['stations'])),
    loot: [],
    batch: [],
  };
}

/** Returns true if scenario files may name the members of a fleet. @param fleet the value of `fleet`. */
function isListed(fleet: unknown): boolean {
  return fleet === undefined || asMap(fleet)['tier'] === 'core';
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
