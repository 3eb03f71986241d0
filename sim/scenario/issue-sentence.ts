import type { z } from 'zod';
import { schemaAt, wordsAt } from './schema-at.ts';
import { suggest } from './suggest.ts';
import type { Path } from './yaml-source.ts';

/** What is wrong at a place, in words; with the key, where a word and not its value is wrong. */
export interface Told {
  readonly path: Path;
  readonly key?: string;
  readonly message: string;
}

/**
 * Turns what the schema found into sentences for people.
 *
 * @param where what the words stand in, such as `issue-certificate`; empty for the head of a file.
 */
export function tellIssue(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  value: unknown,
  where: string,
): readonly Told[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  const found = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = wordsAt(schema, path);
      const inside = where || path.join('.') || 'a scenario';
      return issue.keys.map((key) => ({
        path,
        key,
        message: `unknown word "${key}" in ${inside}${suggest(key, known)}`,
      }));
    }
    case 'invalid_type':
      if (found === undefined) {
        const word = String(path.at(-1) ?? '');
        return [{ path: path.slice(0, -1), message: `the word "${word}" is missing${where ? ` in ${where}` : ''}` }];
      }
      return [{ path, message: `expected ${kindName(issue.expected)}, found ${shown(found)}` }];
    case 'invalid_value': {
      const options = issue.values.map(String);
      const list = options.length > 8 ? `one of ${options.length} words` : options.join(' or ');
      if (found === undefined)
        return [
          {
            path: path.slice(0, -1),
            message: `the word "${String(path.at(-1))}" is missing${where ? ` in ${where}` : ''}`,
          },
        ];
      return [
        {
          path,
          message: `expected ${list}, found ${shown(found)}${typeof found === 'string' ? suggest(found, options) : ''}`,
        },
      ];
    }
    case 'invalid_union':
      return tellUnion(issue, schema, found, path);
    case 'too_small':
      return [{ path, message: `expected at least ${amount(issue.minimum, issue.origin)}, found ${shown(found)}` }];
    case 'too_big':
      return [{ path, message: `expected at most ${amount(issue.maximum, issue.origin)}, found ${shown(found)}` }];
    case 'custom':
    case 'invalid_format':
      return [{ path, message: typeof found === 'object' ? issue.message : `${issue.message}, found ${shown(found)}` }];
    case 'invalid_key':
      return [{ path, message: `${issue.issues[0]?.message ?? issue.message}, found ${shown(path.at(-1))}` }];
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ path, message: issue.message }];
  }
}

/** The branch of a union that came nearest speaks for it. */
function tellUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.core.$ZodType,
  found: unknown,
  path: Path,
): readonly Told[] {
  const near = issue.errors.findIndex(
    (errors) => isObject(found) && !errors.some((inner) => inner.path.length === 0 && isOtherKind(inner)),
  );
  const nearest = issue.errors[near];
  if (nearest !== undefined) {
    const at = path.map(String).join('.');
    return nearest
      .flatMap((inner) => tellIssue(inner, schemaAt(schema, path) ?? schema, found, at))
      .map((told) => ({ ...told, path: [...path, ...told.path] }));
  }
  const options = issue.errors
    .flat()
    .flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const words = options.length > 8 ? 'a word of the list' : [...new Set(options)].join(' or ');
  const suggestion = typeof found === 'string' ? suggest(found, options) : '';
  const expected = words === '' ? 'another kind of value' : words;
  return [{ path, message: `expected ${expected}, found ${shown(found)}${suggestion}` }];
}

/** The value is of another kind than the branch takes, such as words where text is expected. */
function isOtherKind({ code }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' || code === 'invalid_value';
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

/** A value as it was written, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** The value at a path; own properties only. */
function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
