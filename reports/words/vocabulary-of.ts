import { choices, type Schema } from './schema.ts';
import { withoutReferences } from './without-references.ts';
import { wordRows, type WordRow } from './word-rows.ts';

/** A step of a scenario file, with its properties. */
export interface StepWords {
  readonly name: string;
  readonly summary: string;
  /** `with-at` if the step may have `expect` only together with `at`. */
  readonly expects: 'always' | 'with-at';
  readonly words: readonly WordRow[];
}

/** All words of a scenario file. */
export interface Vocabulary {
  readonly head: readonly WordRow[];
  readonly steps: readonly StepWords[];
  /** The properties that any timeline entry may have in addition to its step: `after`, `at` and `expect`. */
  readonly beside: readonly WordRow[];
  readonly expect: readonly WordRow[];
}

/** Returns the vocabulary in the JSON Schema of scenario files: each property or step, with its inner properties. */
export function vocabularyOf(schema: Schema): Vocabulary {
  const { properties = {}, required = [] } = withoutReferences(schema);
  const { timeline = {}, ...head } = properties;
  const entries = choices(timeline).flatMap(({ items }) => items?.anyOf ?? []);
  const names = new Set(entries.flatMap(nameOf));
  const [first] = entries;
  const { after = {}, at = {}, expect = {} } = first?.properties ?? {};
  return {
    head: Object.entries(head).flatMap(([word, schema]) => wordRows(word, schema, required.includes(word), names)),
    steps: entries.flatMap((entry) => stepOf(entry, names)),
    beside: Object.entries({ after, at, expect }).flatMap(([word, schema]) =>
      wordRows(word, schema, false, names).slice(0, 1),
    ),
    expect: wordsIn(expect, names),
  };
}

function stepOf(entry: Schema, names: ReadonlySet<string>): readonly StepWords[] {
  return nameOf(entry).map((name) => ({
    name,
    summary: entry.description ?? '',
    expects: entry.dependentRequired?.['expect'] === undefined ? ('always' as const) : ('with-at' as const),
    words: wordsIn(entry.properties?.[name] ?? {}, names),
  }));
}

function nameOf({ properties = {} }: Schema): readonly string[] {
  return Object.keys(properties).slice(0, 1);
}

/** Returns the properties of an object on every level, without the object itself. */
function wordsIn(schema: Schema, names: ReadonlySet<string>): readonly WordRow[] {
  const shape = choices(schema).find(({ type }) => type === 'object');
  return Object.entries(shape?.properties ?? {}).flatMap(([word, inner]) =>
    wordRows(word, inner, shape?.required?.includes(word) ?? false, names),
  );
}
