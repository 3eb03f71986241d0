import { markdownText } from './markdown-text.ts';

/** As much of JSON Schema as the one of scenario files uses. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** Every word of a scenario file and every step, from the schema that an editor completes with: Markdown for docs/words.md. */
export function wordsMarkdown({ properties = {}, required = [] }: Schema): string {
  const { timeline, ...head } = properties;
  const steps = (timeline?.items?.anyOf ?? []).flatMap(stepOf);
  return [
    '# Every word of a scenario file',
    '',
    '<!-- Made from scenarios/schema.json by `node scripts/words.mjs`. Change the steps in sim/, not this page. -->',
    '',
    'A word may be written as `${word}`, and a `matrix` gives it its values. **Bold** words have to be there.',
    '',
    '## The head',
    '',
    ...table(Object.entries(head).flatMap(([word, schema]) => rows(word, schema, required.includes(word), 0))),
    '',
    '## The steps of a timeline',
    '',
    'Each step may have `after` (a duration from the step before), `at` (the station that does it) and `expect` beside it.',
    '',
    ...steps.flatMap(stepLines),
  ].join('\n');
}

interface Step {
  readonly name: string;
  readonly schema: Schema;
  readonly beside: readonly string[];
}

function stepOf(schema: Schema): readonly Step[] {
  const [first, ...others] = Object.entries(schema.properties ?? {});
  if (first === undefined) return [];
  const [name, words] = first;
  const beside = others.map(([word]) => word).filter((word) => word !== 'after' && word !== 'at');
  const { description } = schema;
  return [{ name, schema: description === undefined ? words : { ...words, description }, beside }];
}

function stepLines({ name, schema, beside }: Step): readonly string[] {
  const shape = objectIn(schema);
  const lines = Object.entries(shape?.properties ?? {}).flatMap(([word, inner]) =>
    rows(word, inner, shape?.required?.includes(word) ?? false, 0),
  );
  const extra = beside.length === 0 ? [] : ['', `Beside it: ${beside.map((word) => `\`${word}\``).join(', ')}.`];
  return [
    `### ${name}`,
    '',
    markdownText(schema.description ?? ''),
    ...extra,
    '',
    ...table(lines),
    ...(lines.length === 0 ? [] : ['']),
  ];
}

/** A word with what is inside of it, down to what a reader can still follow. */
function rows(word: string, schema: Schema, isNeeded: boolean, depth: number): readonly string[] {
  const name = isNeeded ? `**\`${word}\`**` : `\`${word}\``;
  const said = [describedIn(schema), defaultIn(schema)].filter((part) => part !== '').join(' ');
  const row = `| ${name} | ${kindOf(schema)} | ${said} |`;
  const shape = depth < deepest ? objectIn(schema) : undefined;
  const named = typeof shape?.additionalProperties === 'object' ? shape.additionalProperties : undefined;
  const inside = Object.entries(shape?.properties ?? {}).flatMap(([inner, next]) =>
    rows(`${word}.${inner}`, next, shape?.required?.includes(inner) ?? false, depth + 1),
  );
  const perName = named === undefined ? [] : innerRows(word, named, depth);
  return [row, ...inside, ...perName];
}

/** Of what stands under a name that the author chooses. */
function innerRows(word: string, schema: Schema, depth: number): readonly string[] {
  const shape = objectIn(schema);
  return Object.entries(shape?.properties ?? {}).flatMap(([inner, next]) =>
    rows(`${word}.NAME.${inner}`, next, shape?.required?.includes(inner) ?? false, depth + 1),
  );
}

const deepest = 2;

function table(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['| word | takes | |', '|---|---|---|', ...lines];
}

/** All that may stand there, without the `${word}` that may stand everywhere. */
function choices(schema: Schema): readonly Schema[] {
  if (schema.anyOf === undefined) return [schema];
  return schema.anyOf
    .flatMap(choices)
    .filter(({ pattern, type }) => type !== 'null' && pattern?.startsWith('\\$') !== true);
}

function objectIn(schema: Schema): Schema | undefined {
  return choices(schema).find(({ type }) => type === 'object');
}

function describedIn(schema: Schema): string {
  const found = schema.description ?? choices(schema).find(({ description }) => description !== undefined)?.description;
  return found === undefined ? '' : markdownText(found);
}

function defaultIn(schema: Schema): string {
  const found = schema.default ?? choices(schema).find((choice) => choice.default !== undefined)?.default;
  const isEmpty = found === undefined || (typeof found === 'object' && JSON.stringify(found).length === 2);
  return isEmpty ? '' : `Default: \`${typeof found === 'string' ? found : JSON.stringify(found)}\`.`;
}

function kindOf(schema: Schema): string {
  return [...new Set(choices(schema).map(kindOfOne))].join(' or ');
}

function kindOfOne(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.examples !== undefined) return `text such as \`${String(schema.examples[0])}\``;
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`;
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    object: 'words',
    integer: 'whole number',
    boolean: '`true`, `false`',
  };
  return names[schema.type ?? ''] ?? schema.type ?? 'anything';
}
