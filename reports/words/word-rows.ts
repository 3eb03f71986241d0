import { isCheckId } from '../../core/checks.ts';
import { choices, type Schema } from './schema.ts';

/** A word of scenario files (a property or a step), with its values and its meaning. */
export interface WordRow {
  /**
   * The word, preceded by the words that contain it, such as `pki.NAME.outage.from`. NAME is a name that the author chooses, `[]` an entry
   * of a list.
   */
  readonly word: string;
  readonly isNeeded: boolean;
  /** Description of the allowed values, such as `true or false`. Literal values are in backticks. */
  readonly takes: string;
  readonly sentence: string;
}

/**
 * Returns a word and all its inner words, on every level.
 *
 * @param stop names of steps. If a step is nested in another word, its words are not returned, because they are listed with the step.
 */
export function wordRows(
  word: string,
  schema: Schema,
  isNeeded: boolean,
  stop: ReadonlySet<string>,
): readonly WordRow[] {
  const sentence = [descriptionIn(schema), defaultIn(schema)].filter((part) => part !== '').join(' ');
  const own = { word, isNeeded, takes: kindOf(schema), sentence };
  return [own, ...innerRows(word, schema, stop)];
}

function innerRows(word: string, schema: Schema, stop: ReadonlySet<string>): readonly WordRow[] {
  return choices(schema).flatMap((choice): readonly WordRow[] => {
    if (choice.type === 'array') return innerRows(`${word}[]`, choice.items ?? {}, stop);
    const inside = Object.entries(choice.properties ?? {}).flatMap(([inner, next]) => {
      const isNeeded = choice.required?.includes(inner) ?? false;
      const rows = wordRows(`${word}.${inner}`, next, isNeeded, stop);
      return stop.has(inner) ? rows.slice(0, 1) : rows;
    });
    const { additionalProperties: named } = choice;
    return typeof named === 'object' ? [...inside, ...innerRows(`${word}.NAME`, named, stop)] : inside;
  });
}

function descriptionIn(schema: Schema): string {
  return schema.description ?? choices(schema).find(({ description }) => description !== undefined)?.description ?? '';
}

function defaultIn(schema: Schema): string {
  const found = schema.default ?? choices(schema).find((choice) => choice.default !== undefined)?.default;
  const isEmpty = found === undefined || (typeof found === 'object' && JSON.stringify(found).length === 2);
  // Markdown has no code without text.
  if (found === '') return 'Default: an empty text.';
  return isEmpty ? '' : `Default: \`${typeof found === 'string' ? found : JSON.stringify(found)}\`.`;
}

function kindOf(schema: Schema): string {
  return [...new Set(choices(schema).map(kindOfOne))].join(' or ');
}

function kindOfOne(schema: Schema): string {
  if (schema.enum !== undefined) return kindOfEnum(schema.enum);
  if (schema.const !== undefined) return codeOf(schema.const);
  if (schema.examples !== undefined) return `text such as \`${String(schema.examples[0])}\``;
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`;
  if (schema.propertyNames?.enum?.some(isCheck) === true) return 'names of checks with numbers';
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    object: 'words',
    integer: 'whole number',
    boolean: '`true`, `false`',
  };
  return names[schema.type ?? ''] ?? schema.type ?? 'anything';
}

/** Describes the IDs of all checks as a group, because there are too many for a table cell. */
function kindOfEnum(values: readonly unknown[]): string {
  return values.some(isCheck) ? 'name of a check' : values.map((value) => `\`${String(value)}\``).join(', ');
}

function isCheck(value: unknown): boolean {
  return typeof value === 'string' && isCheckId(value);
}

function codeOf(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
