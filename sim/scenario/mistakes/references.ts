import { z } from 'zod';
import { ownWord, unwrap } from '../editor/schema-at.ts';
import { suggest } from './suggest.ts';
import type { FoundMistake } from './issue-sentence.ts';
import type { ReferenceKind } from '../words/words.ts';
import type { Path } from '../yaml-source.ts';

/** The names that a file defines, by the kind of the named thing. */
export type Names = Readonly<Record<ReferenceKind, readonly string[]>>;

/** Finds every reference to a name that does not exist. Calls `defined` with each name that a value defines. */
export function checkReferences(
  schema: z.core.$ZodType,
  value: unknown,
  names: Names,
  defined: (kind: ReferenceKind, name: string) => void,
  path: Path = [],
): readonly FoundMistake[] {
  const unwrapped = unwrap(schema);
  if (typeof value === 'string') return checkWord(unwrapped, value, names, defined, path);
  const inner = optionFor(unwrapped, value);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => checkReferences(inner.element, item, names, defined, [...path, index]));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([word, item]) => {
    const below =
      inner instanceof z.ZodObject ? ownWord(inner, word) : inner instanceof z.ZodRecord ? inner.valueType : undefined;
    return below === undefined ? [] : checkReferences(below, item, names, defined, [...path, word]);
  });
}

/** Returns the option of a union that fits a list or an object; otherwise the schema itself. */
function optionFor(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (!(schema instanceof z.ZodUnion)) return schema;
  const options = schema.options.map((option) => unwrap(option));
  const fits = (option: z.core.$ZodType): boolean =>
    Array.isArray(value)
      ? option instanceof z.ZodArray
      : option instanceof z.ZodObject || option instanceof z.ZodRecord;
  return options.find(fits) ?? schema;
}

function checkWord(
  schema: z.core.$ZodType,
  value: string,
  names: Names,
  defined: (kind: ReferenceKind, name: string) => void,
  path: Path,
): readonly FoundMistake[] {
  const options = schema instanceof z.ZodUnion ? schema.options : [schema];
  // A union may allow a fixed keyword, which is not a name.
  if (options.some((option) => option instanceof z.ZodEnum && option.options.includes(value))) return [];
  for (const option of options) {
    const meta = z.globalRegistry.get(option) as { reference?: ReferenceKind; defines?: ReferenceKind } | undefined;
    if (meta?.defines !== undefined) defined(meta.defines, value);
    const kind = meta?.reference;
    // The schema reports a text that cannot be a name.
    if (kind !== undefined && !names[kind].includes(value) && z.safeParse(option, value).success) {
      return [
        {
          path,
          message: `no ${titles[kind]} is called "${value}"${suggest(value, names[kind]) || remedy(kind, value, names)}`,
        },
      ];
    }
  }
  return [];
}

/** Returns the known names, or advice on where to define the name, if the file defines no name of this kind. */
function remedy(kind: ReferenceKind, value: string, names: Names): string {
  const [place, known] = [places[kind], names[kind]];
  if (known.length === 1) return `; the only one is "${known[0]}"`;
  if (known.length > 1) {
    const shown = known.slice(0, namesShown).map((name) => `"${name}"`);
    const last = known.length > namesShown ? `${known.length - namesShown} more` : shown.pop();
    return `; the known names are ${shown.join(', ')} and ${last}`;
  }
  if (kind === 'loot') return `; put a step with \`as: ${value}\` before this one`;
  if (kind === 'batch') return `; put order-batch with \`as: ${value}\` before this one`;
  return place === undefined ? '' : `; there is none under \`${place}\`: add "${value}" there`;
}

/** A fleet can have thousands of names. */
const namesShown = 8;

/** YAML section that defines the names of a kind. */
const places: Readonly<Partial<Record<ReferenceKind, string>>> = {
  device: 'devices',
  ca: 'pki',
  group: 'cloud: enrollmentGroups',
  key: 'keys',
  policy: 'cloud: credentialPolicies',
  stranger: 'cloud: strangers',
  station: 'stations',
  root: 'cloud: serverRoots',
};

const titles: Readonly<Record<ReferenceKind, string>> = {
  device: 'device',
  ca: 'CA',
  hub: 'hub',
  group: 'enrollment group',
  key: 'shared key',
  policy: 'credential policy',
  root: 'server root',
  stranger: 'service of another tenant',
  station: 'station',
  loot: 'loot of an earlier step',
  batch: 'batch that was ordered before',
};
