import { z } from 'zod';
import type { StepKind } from '../../steps/define-step.ts';
import { spreadMatrix, type Variant } from '../matrix.ts';
import { namesIn } from '../names-in.ts';
import type { Names } from '../mistakes/references.ts';
import { headSchema } from '../schema.ts';
import { unwrap } from './schema-at.ts';
import { metaOf } from '../meta-of.ts';
import type { Path } from '../yaml-source.ts';

/** A value in a scenario file for which the schema allows alternatives. */
export interface Choice {
  /**
   * Path of the value in the file, even if the file omits the value. If the value comes from the matrix, this is its path in the matrix.
   */
  readonly path: Path;
  /** The object that contains the value, such as `devices sensor` or `timeline 3 issue-certificate`. */
  readonly group: string;
  readonly word: string;
  readonly description: string;
  /** `text` is a name that a new step defines, for example a name for loot. */
  readonly kind: 'one-of' | 'some-of' | 'yes-no' | 'duration' | 'number' | 'text';
  /** The value in the file, or the default of the schema; null if the file has no value and the schema has no default. */
  readonly value: string | number | boolean | null | readonly string[];
  readonly isWritten: boolean;
  /** True if the file may omit this value. */
  readonly isOptional: boolean;
  /** Allowed values, for the kinds `one-of` and `some-of`. */
  readonly options: readonly string[];
}

/** Current position in the schema and the values, and the choices found so far. */
interface Place {
  readonly at: Path;
  readonly group: string;
  readonly names: Names;
  readonly variant: Variant;
  readonly found: Choice[];
}

/**
 * Returns all choices for the devices, CAs, stations, cloud and steps in one variant of a scenario. The choices derive only from the
 * schema, so a new key of the schema is a choice at once.
 * @param tree values of the file, with its matrix.
 * @param variant index in the matrix; 0 without a matrix.
 */
export function choicesIn(
  tree: Readonly<Record<string, unknown>>,
  variant: number,
  kinds: readonly StepKind[],
): readonly Choice[] {
  const { matrix } = tree;
  const entries = Array.isArray(matrix) && matrix.every(isMap) ? matrix : undefined;
  const chosen = spreadMatrix(tree, entries)[variant];
  if (chosen === undefined) return [];
  const { timeline, ...head } = chosen.tree;
  const names = { ...namesIn(head), ...takenIn(timeline) };
  const found: Choice[] = [];
  for (const word of ['devices', 'pki', 'stations', 'cloud'] as const) {
    const schema = headSchema.shape[word];
    walk(schema, head[word], { at: [word], group: word, names, variant: chosen, found });
  }
  const steps: readonly unknown[] = Array.isArray(timeline) ? timeline : [];
  for (const [index, step] of steps.entries()) {
    const kind = isMap(step) ? kinds.find(({ name }) => Object.hasOwn(step, name)) : undefined;
    if (kind === undefined || !isMap(step)) continue;
    const group = `timeline ${index + 1} ${kind.name}`;
    const place = { at: ['timeline', index] as Path, group, names, variant: chosen, found };
    if (typeof step['after'] === 'string') push('after', durationSchema, step['after'], place);
    const written = step[kind.name];
    walk(kind.args, isMap(written) ? written : { [kind.shorthand]: written }, {
      ...place,
      at: [...place.at, kind.name],
    });
  }
  return found;
}

/** Returns the choices of a new step, which the file does not contain yet. */
export function choicesOfStep(kind: StepKind, names: Names): readonly Choice[] {
  const found: Choice[] = [];
  const [variant] = spreadMatrix({}, [{ name: newStep }]);
  if (variant !== undefined) walk(kind.args, {}, { at: [kind.name], group: kind.name, names, variant, found });
  return found;
}

/** Placeholder name for a new step, which is in no file yet. */
const newStep = ' new step';

const durationSchema = z.string().meta({ description: 'Wait before the step.', examples: ['P11M'] });

/** Collects the names that steps give to loot and batches. Later steps may refer to them. */
function takenIn(timeline: unknown): Pick<Names, 'loot' | 'batch'> {
  const steps: readonly unknown[] = Array.isArray(timeline) ? timeline : [];
  const named = (wanted: (name: string) => boolean): readonly string[] =>
    steps.flatMap((step) =>
      Object.entries(isMap(step) ? step : {}).flatMap(([name, args]) =>
        wanted(name) && isMap(args) && typeof args['as'] === 'string' ? [args['as']] : [],
      ),
    );
  return { loot: named((name) => name !== 'order-batch'), batch: named((name) => name === 'order-batch') };
}

/** Walks through objects and records. Does not walk through lists; a list of names is itself a choice. */
function walk(schema: z.core.$ZodType, value: unknown, place: Place): void {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodRecord) {
    for (const [name, item] of Object.entries(isMap(value) ? value : {})) {
      walk(inner.valueType, item, { ...place, at: [...place.at, name], group: `${place.group} ${name}` });
    }
    return;
  }
  const shape = asObject(inner)?.shape;
  if (shape === undefined) return;
  const written = isMap(value) ? value : {};
  for (const [word, wordSchema] of Object.entries(shape)) {
    const item = written[word];
    if (asObject(unwrap(wordSchema)) !== undefined || unwrap(wordSchema) instanceof z.ZodRecord) {
      // The studio offers no choices for an object that the file omits, unless the schema fills the object with defaults (`prefault` of Zod).
      if (isMap(item) || (item === undefined && wordSchema instanceof z.ZodPrefault))
        walk(wordSchema, item, { ...place, at: [...place.at, word], group: `${place.group} ${word}` });
      continue;
    }
    push(word, wordSchema, item, place);
  }
}

/** Returns the object schema of a value, even if the value may also be a bare name. */
function asObject(schema: z.core.$ZodType): z.ZodObject | undefined {
  if (schema instanceof z.ZodObject) return schema;
  if (!(schema instanceof z.ZodUnion)) return undefined;
  const object = schema.options.find((option) => option instanceof z.ZodObject);
  return object instanceof z.ZodObject ? object : undefined;
}

function push(
  word: string,
  schema: z.core.$ZodType,
  written: unknown,
  { at, group, names, variant, found }: Place,
): void {
  const defines = metaOf(schema).defines !== undefined && variant.name === newStep;
  const kind = defines ? ({ kind: 'text', options: [] } as const) : kindOf(schema, names);
  if (kind === undefined) return;
  const value = written === undefined ? defaultOf(schema) : written;
  if (written !== undefined && !fits(kind, value)) return;
  if (kind.kind.endsWith('-of') && kind.options.length === 0) return;
  const path = variant.origin([...at, word]);
  found.push({
    path,
    group,
    word,
    description: metaOf(schema).description ?? '',
    ...kind,
    value: value as Choice['value'],
    isWritten: written !== undefined,
    isOptional: isOptional(schema),
  });
}

type Kind = Pick<Choice, 'kind' | 'options'>;

function kindOf(schema: z.core.$ZodType, names: Names): Kind | undefined {
  const inner = unwrap(schema);
  const meta = metaOf(schema);
  const named = meta.reference;
  if (named !== undefined) return { kind: 'one-of', options: names[named] };
  if (inner instanceof z.ZodEnum) return { kind: 'one-of', options: inner.options.map(String) };
  if (inner instanceof z.ZodBoolean) return { kind: 'yes-no', options: [] };
  if (inner instanceof z.ZodNumber) return { kind: 'number', options: [] };
  if (inner instanceof z.ZodArray) {
    const items = kindOf(inner.element, names);
    return items?.kind === 'one-of' ? { kind: 'some-of', options: items.options } : undefined;
  }
  const [example] = meta.examples ?? [];
  const isDuration = inner instanceof z.ZodString && typeof example === 'string' && /^-?P/.test(example);
  return isDuration ? { kind: 'duration', options: [] } : undefined;
}

function isOptional(schema: z.core.$ZodType): boolean {
  return z.safeParse(schema, undefined).success;
}

/** Returns the default of a schema; null if the schema has none. */
function defaultOf(schema: z.core.$ZodType): unknown {
  return z.safeParse(schema, undefined).data ?? null;
}

/** Returns false if the value does not have the form of the choice, for example an object in place of a name. */
function fits({ kind }: Kind, value: unknown): boolean {
  switch (kind) {
    case 'one-of':
    case 'duration':
    case 'text':
      return typeof value === 'string';
    case 'some-of':
      return Array.isArray(value) && value.every((item) => typeof item === 'string');
    case 'yes-no':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
