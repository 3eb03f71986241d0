import { commonNameLimit, registrationKey } from '../../core/wire/registration-id.ts';
import { parseInstant } from '../../core/time/clock.ts';
import { checkDates, checkOffset } from './mistakes/check-dates.ts';
import { checkFleetCloud } from './mistakes/check-fleets.ts';
import { checkDuplicates } from './mistakes/check-duplicates.ts';
import {
  mistakesAtMost,
  shown,
  mistakesOfIssue,
  withoutMisspelt,
  type FoundMistake,
} from './mistakes/issue-sentence.ts';
import type { Variant } from './matrix.ts';
import { checkReferences, type Names } from './mistakes/references.ts';
import type { Mistake } from './scenario.ts';
import { headSchema, type ScenarioHead } from './schema.ts';
import { isNumbers } from './words/fleet-words.ts';
import { suggest } from './mistakes/suggest.ts';
import type { YamlSource } from './yaml-source.ts';

/** Checks a scenario file except its timeline. Returns the names that the file defines even if the check finds mistakes. */
export function readHead(
  variant: Variant,
  source: YamlSource,
  { topics, attacks = [] }: { readonly topics: readonly string[]; readonly attacks?: readonly string[] },
): { readonly head: ScenarioHead | undefined; readonly names: Names; readonly mistakes: readonly Mistake[] } {
  const { timeline, ...written } = variant.tree;
  const parsed = headSchema.safeParse(written);
  const names = namesIn(written);
  const mistakes: FoundMistake[] = parsed.success
    ? [...checkRegistrationIds(parsed.data), ...checkCommonNames(parsed.data), ...checkFleetCloud(parsed.data)]
    : parsed.error.issues.slice(0, mistakesAtMost).flatMap((issue) => mistakesOfIssue(issue, headSchema, written, ''));
  mistakes.push(...checkTopics(written, topics), ...checkAttack(written, attacks), ...checkCircles(written));
  if (parsed.success) mistakes.push(...datesIn(parsed.data, written));
  mistakes.push(...checkDuplicates(headSchema, written));
  mistakes.push(...checkReferences(headSchema, written, { ...names, batch: batchesIn(timeline) }, () => {}));
  return {
    head: parsed.success ? parsed.data : undefined,
    names,
    mistakes: withoutMisspelt(mistakes).map((one) => placeMistake(one, variant, source)),
  };
}

/** Returns a mistake with its line and column. If the value comes from the matrix, they point to the matrix. */
export function placeMistake({ path, key, message }: FoundMistake, variant: Variant, source: YamlSource): Mistake {
  const origin = variant.origin(path);
  return key === undefined ? source.mistakeAt(origin, message) : source.mistakeAtKey(origin, key, message);
}

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
    root: Array.isArray(roots) ? roots.map(String) : ['server-root'],
    station: Object.keys(asMap(written['stations'])),
    loot: [],
    batch: [],
  };
}

/** Returns true if scenario files may name the members of a fleet. @param fleet the value of `fleet`. */
function isListed(fleet: unknown): boolean {
  return fleet === undefined || asMap(fleet)['tier'] === 'core';
}

/** Returns the names of the batches that the `order-batch` steps of a timeline create. */
function batchesIn(timeline: unknown): readonly string[] {
  const steps: readonly unknown[] = Array.isArray(timeline) ? timeline : [];
  return steps.map((step) => asMap(asMap(step)['order-batch'])['as']).filter((name) => typeof name === 'string');
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function checkTopics(written: Readonly<Record<string, unknown>>, topics: readonly string[]): readonly FoundMistake[] {
  const { covers } = written;
  if (!Array.isArray(covers)) return [];
  return covers.flatMap((topic: unknown, index) =>
    typeof topic !== 'string' || topics.includes(topic)
      ? []
      : [
          {
            path: ['covers', index],
            message: `unknown topic "${topic}"${suggest(topic, topics) || ';'} \`rehearse list topics\` shows all`,
          },
        ],
  );
}

function checkAttack(
  { attack }: Readonly<Record<string, unknown>>,
  attacks: readonly string[],
): readonly FoundMistake[] {
  if (typeof attack !== 'string' || attacks.includes(attack)) return [];
  const near = suggest(attack, attacks) || ';';
  return [{ path: ['attack'], message: `unknown attack ${shown(attack)}${near} \`rehearse list attacks\` shows all` }];
}

export function checkCircles(written: Readonly<Record<string, unknown>>): readonly FoundMistake[] {
  const pki = asMap(written['pki']);
  const issuerOf = (name: string): string | undefined => {
    const issuer = Object.hasOwn(pki, name) ? asMap(pki[name])['issuer'] : undefined;
    return typeof issuer === 'string' ? issuer : undefined;
  };
  return Object.keys(pki).flatMap((name) => {
    const seen = new Set([name]);
    for (let at = issuerOf(name); at !== undefined && !seen.has(at); at = issuerOf(at)) {
      seen.add(at);
      if (issuerOf(at) !== name) continue;
      return [
        {
          path: ['pki', name, 'issuer'],
          message: `"${name}" cannot be signed by a CA below it; choose another issuer`,
        },
      ];
    }
    return issuerOf(name) === name
      ? [{ path: ['pki', name, 'issuer'], message: 'a root CA has no issuer; remove this word' }]
      : [];
  });
}

/** Checks dates from the start of the scenario, because CAs are made and clock offsets begin at that instant. */
function datesIn(head: ScenarioHead, written: Readonly<Record<string, unknown>>): readonly FoundMistake[] {
  const start = parseInstant(head.start) ?? 0;
  return [
    ...checkDates(headSchema, written, start),
    ...Object.entries(head.stations).flatMap(([name, { clockOffset }]) =>
      clockOffset === undefined ? [] : checkOffset(clockOffset, start, ['stations', name, 'clockOffset']),
    ),
  ];
}

/** Finds two devices with the same registration ID. DPS would take both for one device. */
function checkRegistrationIds(head: ScenarioHead): readonly FoundMistake[] {
  const owners = new Map<string, string>();
  return Object.entries(head.devices).flatMap(([name, spec]) => {
    if (spec.registrationId === 'from-endorsement-key') return [];
    return registrationIdsOf(name, spec).flatMap((id) => {
      const owner = owners.get(registrationKey(id));
      owners.set(registrationKey(id), name);
      return owner === undefined
        ? []
        : [{ path: ['devices', name], message: `registration ID "${id}" is used by "${owner}" too` }];
    });
  });
}

/** The IDs of a fleet of numbers are not listed: they have the form of the others, and there may be millions. */
function registrationIdsOf(name: string, { registrationId, count, fleet }: ScenarioHead['devices'][string]): string[] {
  const base = registrationId ?? name;
  if (isNumbers(fleet)) return [];
  return count === undefined ? [base] : Array.from({ length: count }, (_, at) => `${base}-${at + 1}`);
}

/** Finds registration IDs and CA names that are too long for the common name of a certificate (RFC 5280 appendix A, ub-common-name). */
function checkCommonNames(head: ScenarioHead): readonly FoundMistake[] {
  const devices = Object.entries(head.devices).flatMap(([name, spec]) => {
    const id = spec.attestation === 'x509' ? registrationIdsOf(name, spec).find(isTooLong) : undefined;
    const path = ['devices', name, ...(spec.registrationId === undefined ? [] : ['registrationId'])];
    return id === undefined ? [] : [{ path, message: tooLong(`registration ID "${id}"`, id) }];
  });
  const authorities = Object.keys(head.pki)
    .filter(isTooLong)
    .map((name) => ({ path: ['pki', name], message: tooLong(`"${name}"`, name) }));
  return [...devices, ...authorities];
}

const isTooLong = (name: string): boolean => name.length > commonNameLimit;

function tooLong(what: string, name: string): string {
  return `${what} has ${name.length} characters; the common name of a certificate has ${commonNameLimit} at most, shorten it`;
}
