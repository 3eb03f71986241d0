import { parseInstant } from '../../../core/time/clock.ts';
import { commonNameLimit, registrationKey } from '../../../core/wire/registration-id.ts';
import { headSchema, type ScenarioHead } from '../schema.ts';
import { isNumbers } from '../words/fleet-words.ts';
import { checkDates, checkOffset } from './check-dates.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkFleetCloud } from './check-fleets.ts';
import { mistakesAtMost, mistakesOfIssue, shown, withoutMisspelt, type FoundMistake } from './issue-sentence.ts';
import { checkReferences, type Names } from './references.ts';
import { suggest } from './suggest.ts';

/**
 * Returns all mistakes in a scenario file except those in its timeline.
 * @param parsed result of `headSchema` for `written`.
 * @param timeline value of `timeline`, whose steps can define batches.
 */
export function checkHead(
  written: Tree,
  parsed: ReturnType<typeof headSchema.safeParse>,
  timeline: unknown,
  names: Names,
  { topics, attacks = [] }: { readonly topics: readonly string[]; readonly attacks?: readonly string[] },
): readonly FoundMistake[] {
  const mistakes: FoundMistake[] = parsed.success
    ? [...checkRegistrationIds(parsed.data), ...checkCommonNames(parsed.data), ...checkFleetCloud(parsed.data)]
    : parsed.error.issues.slice(0, mistakesAtMost).flatMap((issue) => mistakesOfIssue(issue, headSchema, written, ''));
  mistakes.push(...checkTopics(written, topics), ...checkAttack(written, attacks), ...checkCircles(written));
  if (parsed.success) mistakes.push(...datesIn(parsed.data, written));
  mistakes.push(...checkDuplicates(headSchema, written));
  mistakes.push(...checkReferences(headSchema, written, { ...names, batch: batchesIn(timeline) }, () => {}));
  return withoutMisspelt(mistakes);
}

type Tree = Readonly<Record<string, unknown>>;

/** Returns the names of the batches that the `order-batch` steps of a timeline create. */
function batchesIn(timeline: unknown): readonly string[] {
  const steps: readonly unknown[] = Array.isArray(timeline) ? timeline : [];
  return steps.map((step) => asMap(asMap(step)['order-batch'])['as']).filter((name) => typeof name === 'string');
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

/** Checks dates from the start of the scenario, because the run makes the CAs and sets the clock offsets at that instant. */
function datesIn(head: ScenarioHead, written: Readonly<Record<string, unknown>>): readonly FoundMistake[] {
  const start = parseInstant(head.start) ?? 0;
  return [
    ...checkDates(headSchema, written, start),
    ...Object.entries(head.stations).flatMap(([name, { clockOffset }]) =>
      clockOffset === undefined ? [] : checkOffset(clockOffset, start, ['stations', name, 'clockOffset']),
    ),
  ];
}

/** Finds two devices with the same registration ID. DPS would treat them as one device. */
function checkRegistrationIds(head: ScenarioHead): readonly FoundMistake[] {
  const owners = new Map<string, string>();
  return Object.entries(head.devices).flatMap(([name, spec]) => {
    if (spec.registrationId === 'from-endorsement-key') return [];
    return registrationIdsOf(name, spec).flatMap((id) => {
      const owner = owners.get(registrationKey(id));
      owners.set(registrationKey(id), name);
      return owner === undefined
        ? []
        : [
            {
              path: ['devices', name],
              message: `registration ID "${id}" is used by "${owner}" too; give each device a different one`,
            },
          ];
    });
  });
}

/**
 * A fleet with `tier: numbers` may have millions of IDs, so this function does not list them. Their form is the same as that of other IDs.
 */
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
  return `${what} has ${name.length} characters; the common name of a certificate has at most ${commonNameLimit}; shorten it`;
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
