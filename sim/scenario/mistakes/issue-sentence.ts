import { z } from 'zod';
import { metaOf } from '../meta-of.ts';
import { schemaAt, unwrap, wordsAt } from '../editor/schema-at.ts';
import { nearWords, suggest } from './suggest.ts';
import type { Path } from '../yaml-source.ts';

/** Number of mistakes after which the check of a file stops. The file is probably not a scenario. */
export const mistakesAtMost = 1000;

/** A mistake at a path. `key` is present if the YAML key itself is wrong, not its value. */
export interface FoundMistake {
  readonly path: Path;
  readonly key?: string;
  readonly message: string;
  /** The YAML key that is missing at the path. */
  readonly missing?: string;
  /** The known YAML key that the author probably meant instead of an unknown key. */
  readonly meant?: string | undefined;
  /** True if the mistake concerns a whole object. If a key of this object is misspelt, such a mistake is only a consequence. */
  readonly isOfWhole?: boolean;
}

/**
 * Converts an issue of the zod schema into mistakes with sentences for users.
 * @param where the object that contains the keys, such as `issue-certificate`; empty at the top level of a file.
 */
export function mistakesOfIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  value: unknown,
  where: string,
): readonly FoundMistake[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const names = schemaAt(schema, path);
      if (names instanceof z.ZodRecord) {
        const { keyType } = names;
        const options = keyType instanceof z.ZodEnum ? keyType.options.map(String) : [];
        return issue.keys.map((key) => ({ path, key, message: noSuchValue(key, options, keyType) }));
      }
      return issue.keys
        .slice(0, mistakesAtMost)
        .map((key) => unknownWord(key, path, wordsAt(schema, path), where || path.join('.')));
    }
    case 'invalid_type':
      if (found === undefined) return [missingWord(path, where)];
      return [{ path, message: `expected ${kindName(issue.expected)}, found ${shown(found)}` }];
    case 'invalid_value':
      if (found === undefined) return [missingWord(path, where)];
      return [{ path, message: noSuchValue(found, issue.values.map(String), schemaAt(schema, path)) }];
    case 'invalid_union':
      return found === undefined && issue.errors.every((errors) => errors.every(isOtherKind))
        ? [missingWord(path, where)]
        : mistakesOfUnion(issue, schema, found, path);
    case 'too_small':
      return [{ path, message: `expected at least ${amount(issue.minimum, issue.origin)}, found ${shown(found)}` }];
    case 'too_big':
      return [{ path, message: `expected at most ${amount(issue.maximum, issue.origin)}, found ${shown(found)}` }];
    case 'custom':
    case 'invalid_format':
      if (found === undefined) return [{ path, message: issue.message }];
      if (typeof found === 'object') return [{ path, message: issue.message, isOfWhole: true }];
      return [{ path, message: `${issue.message}, found ${shown(found)}` }];
    case 'invalid_key':
      return [invalidKey(issue, schema, path)];
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ path, message: issue.message }];
  }
}

/** Reports the mistakes for one option of a union: the option that fits the value best. */
function mistakesOfUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.core.$ZodType,
  found: unknown,
  path: Path,
): readonly FoundMistake[] {
  const near = issue.errors.findIndex(
    (errors) => isObject(found) && !errors.some((inner) => inner.path.length === 0 && isOtherKind(inner)),
  );
  const nearest = issue.errors[near];
  if (nearest !== undefined) {
    const at = path.map(String).join('.');
    return nearest
      .flatMap((inner) => mistakesOfIssue(inner, schemaAt(schema, path) ?? schema, found, at))
      .map((told) => ({ ...told, path: [...path, ...told.path] }));
  }
  const custom = issue.errors.find((errors) => errors.length > 0 && errors.every(({ code }) => code === 'custom'));
  const hasNames = issue.errors.flat().some((inner) => inner.code === 'invalid_value' && inner.values.some(isText));
  if (custom !== undefined && !hasNames) {
    return custom
      .slice(0, 1)
      .flatMap((inner) => mistakesOfIssue(inner, schema, found, ''))
      .map((told) => ({ ...told, path: [...path, ...told.path] }));
  }
  const options = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  if (options.length > 0) return [{ path, message: noSuchValue(found, [...new Set(options)], schemaAt(schema, path)) }];
  const kinds = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_type' ? [kindName(inner.expected)] : []));
  return [{ path, message: `expected ${[...new Set(kinds)].join(' or ') || 'another type'}, found ${shown(found)}` }];
}

/** Reports an unknown YAML key. Suggests a similar key or a key with the same meaning, or else lists all known keys. */
function unknownWord(key: string, path: Path, words: readonly string[], where: string): FoundMistake {
  const known = path.length === 0 && where === '' ? [...words, 'timeline', 'matrix'] : words;
  const [meant] = nearWords(key, known);
  const inside = where === '' ? 'a scenario' : where;
  const also = [synonyms.get(key) ?? ''].filter((word) => known.includes(word));
  const list = where === 'expect' ? '; `rehearse list expect` explains them' : '';
  const isSwitch = where === 'fidelity' || where.endsWith('.fidelity') || path.at(-1) === 'fidelity';
  if (isSwitch && suggest(key, known) === '') {
    return {
      path,
      key,
      message: `unknown fidelity switch "${key}"; \`rehearse list fidelity\` shows all`,
      meant: undefined,
    };
  }
  const all = known.length === 0 || known.length > 40 ? '' : `; the words are ${known.join(', ')}${list}`;
  const near = suggest(key, known) || suggest(also[0] ?? '', also) || all;
  return { path, key, message: `unknown word "${key}" in ${inside}${near}`, meant: meant ?? also[0] };
}

/** YAML keys that authors often try first, each with the right key. */
const synonyms = new Map(
  Object.entries({
    accepted: 'assigned',
    allowed: 'assigned',
    provisioned: 'assigned',
    success: 'assigned',
    denied: 'refused',
    rejected: 'refused',
    failed: 'refused',
    fails: 'refused',
    status: 'errorCode',
    code: 'errorCode',
    error: 'errorCode',
  }),
);

function missingWord(path: Path, where: string): FoundMistake {
  const word = String(path.at(-1) ?? '');
  return {
    path: path.slice(0, -1),
    message: `the word "${word}" is missing${where ? ` in ${where}` : ''}`,
    missing: word,
  };
}

/** Describes an unknown value. Names similar known values and the command that lists all known values. */
function noSuchValue(found: unknown, options: readonly string[], schema: z.core.$ZodType | undefined): string {
  const near = typeof found === 'string' ? suggest(found, options) : '';
  const { list, noun } = schema === undefined ? {} : listIn(schema);
  if (list !== undefined && noun !== undefined) {
    const where = `\`rehearse list ${list}\` shows all`;
    return `unknown ${noun} ${shown(found)}${near === '' ? `; ${where}` : `${near} ${where}`}`;
  }
  return `expected ${options.length > 20 ? `one of ${options.length} words` : options.join(' or ')}, found ${shown(found)}${near}`;
}

/**
 * Returns the command that lists the allowed values of a schema, and the noun for one value. For a union, uses the first option that has
 * such a command.
 */
function listIn(schema: z.core.$ZodType): { readonly list?: string | undefined; readonly noun?: string | undefined } {
  const inner = unwrap(schema);
  const options = inner instanceof z.ZodUnion ? inner.options : [];
  return [schema, ...options].map(metaOf).find(({ list }) => list !== undefined) ?? {};
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey, schema: z.core.$ZodType, path: Path): FoundMistake {
  const key = String(path.at(-1));
  const record = schemaAt(schema, path.slice(0, -1));
  const [inner] = issue.issues;
  const message =
    inner?.code === 'invalid_value' && record instanceof z.ZodRecord
      ? noSuchValue(key, inner.values.map(String), record.keyType)
      : `${inner?.message ?? issue.message}, found ${shown(key)}`;
  return { path: path.slice(0, -1), key, message };
}

/** Removes mistakes that are only consequences of a misspelt YAML key, such as the report that the right key is missing. */
export function withoutMisspelt(told: readonly FoundMistake[]): readonly FoundMistake[] {
  const meantAt = new Map<string, Set<string | undefined>>();
  for (const { path, key, meant } of told) {
    if (key === undefined) continue;
    const place = JSON.stringify(path);
    const known = meantAt.get(place);
    if (known === undefined) meantAt.set(place, new Set([meant]));
    else known.add(meant);
  }
  return told.filter(({ missing, path, isOfWhole = false }) => {
    if (!isOfWhole && missing === undefined) return true;
    const beside = meantAt.get(JSON.stringify(path));
    return isOfWhole ? beside === undefined : beside?.has(missing) !== true;
  });
}

/** Returns true if a value has another type than this option of a union, for example an object instead of a string. */
function isOtherKind({ code }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function amount(limit: number | bigint, origin: string): string {
  const units: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };
  return `${limit}${units[origin] ?? ''}`;
}

function kindName(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    object: 'words with values',
    record: 'names with values',
    array: 'a list',
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
  };
  return names[kind] ?? kind;
}

/** Returns a value as JSON of at most 80 characters. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** Returns the value at a path. Inherited properties of JavaScript objects do not count. */
function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
