import type { PageEntry } from '../../page-data.ts';

/** The fields that a search can name, as in `check:certificate-valid-now`, with their values in an entry. */
const searchFields = {
  check: ({ checks, decidedBy }: PageEntry): readonly string[] =>
    decidedBy === undefined ? checks : [...checks, decidedBy],
  code: ({ codes }: PageEntry): readonly string[] => codes,
  hub: ({ hubs }: PageEntry): readonly string[] => hubs,
  device: ({ devices }: PageEntry): readonly string[] => devices,
  tag: ({ tags }: PageEntry): readonly string[] => tags,
  attack: ({ attack }: PageEntry): readonly string[] => (attack === undefined ? [] : [attack]),
  topic: ({ covers }: PageEntry): readonly string[] => covers,
  file: ({ file }: PageEntry): readonly string[] => [file],
} as const;

type Field = keyof typeof searchFields;

/** A word of a search. If the user named a field, the word must occur in this field, otherwise anywhere in the entry. */
interface Term {
  readonly field: Field | undefined;
  readonly value: string;
}

/** Returns true if an entry matches a search text. Every word of the text must match; upper and lower case are the same. */
export function matches(entry: PageEntry, terms: readonly Term[]): boolean {
  return terms.every(({ field, value }) =>
    field === undefined
      ? searchedText(entry).includes(value)
      : searchFields[field](entry).some((one) => one.toLowerCase().includes(value)),
  );
}

/** Parses a search text. A value with blanks is in double quotes: `device:"pump 1"`. An unknown field is plain text. */
export function termsOf(text: string): readonly Term[] {
  return [...text.toLowerCase().matchAll(/(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/g)].flatMap(
    ([whole, name = '', quoted, plain]) => {
      // While the user is typing, a field such as `check:` has no value yet. A field without a value matches every entry.
      if (plain?.endsWith(':') === true && fieldNamed(plain.slice(0, -1)) !== undefined) return [];
      const field = fieldNamed(name);
      const value = field === undefined && name !== '' ? whole : (quoted ?? plain ?? '');
      return value === '' ? [] : [{ field, value }];
    },
  );
}

/** Returns completions of the last word of a search: fields first, then the values of the field, the most frequent ones first. */
export function suggestions(text: string, entries: readonly PageEntry[]): readonly string[] {
  const start = text.slice(0, text.lastIndexOf(' ') + 1);
  const word = text.slice(start.length).toLowerCase();
  const [name = '', value] = word.split(':');
  const field = fieldNamed(name);
  if (field === undefined || value === undefined) {
    if (word === '') return [];
    return Object.keys(searchFields)
      .filter((one) => one.startsWith(word))
      .map((one) => `${start}${one}:`);
  }
  const counts = new Map<string, number>();
  for (const one of entries.flatMap((entry) => [...new Set(searchFields[field](entry))])) {
    if (one.toLowerCase().includes(value)) counts.set(one, (counts.get(one) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b, 'en'))
    .slice(0, mostSuggestions)
    .map(([one]) => `${start}${field}:${/\s/.test(one) ? `"${one}"` : one}`);
}

const mostSuggestions = 20;

function fieldNamed(name: string): Field | undefined {
  return Object.hasOwn(searchFields, name) ? (name as Field) : undefined;
}

const texts = new WeakMap<PageEntry, string>();

function searchedText(entry: PageEntry): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  const { id, title, variant, verdict, why = '' } = entry;
  const fields = Object.values(searchFields).flatMap((valuesOf) => valuesOf(entry));
  const text = [id, title, variant, verdict.reason, why, ...fields].join('\n').toLowerCase();
  texts.set(entry, text);
  return text;
}
