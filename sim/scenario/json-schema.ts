import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { checkWord } from '../../core/schema/check-word.ts';
import type { StepKind } from '../steps/define-step.ts';
import type { Meta } from './meta-of.ts';
import { frameSchema } from './read-timeline.ts';
import { labSchema } from '../lab/schema.ts';
import { type JsonSchema, withDefinitions } from './json-schema-definitions.ts';
import { headSchema } from './schema.ts';
import { duration, reference } from './words/words.ts';

/**
 * Returns the JSON Schema (draft 2020-12) of a scenario file. Editors use it for completion and error marks. Any value, list entry or
 * object may also be a matrix placeholder, `${word}`. Parts that many steps share are in `$defs`.
 */
export function scenarioJsonSchema(vocabulary: {
  readonly steps: readonly StepKind[];
  readonly topics: readonly string[];
  readonly attacks?: readonly string[];
}): object {
  const head = jsonSchemaOf(headSchema);
  const frame = jsonSchemaOf(frameSchema);
  const properties = asObject(head['properties']);
  const steps = vocabulary.steps.map((kind) => stepSchema(kind, asObject(frame['properties'])));
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A Rehearsal scenario',
    type: 'object',
    properties: {
      ...properties,
      attack: {
        description: asObject(properties['attack'])['description'],
        anyOf: [{ type: 'string', enum: [...(vocabulary.attacks ?? [])] }, matrixWord],
      },
      covers: { ...asObject(properties['covers']), items: { enum: [...vocabulary.topics] } },
      matrix: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', description: 'Name of the variant.' },
            shows: properties['shows'],
          },
        },
        description: 'Variants: the timeline runs once for each entry, whose values replace the placeholders ${word}.',
      },
      timeline: {
        type: 'array',
        minItems: 1,
        items: { anyOf: steps },
        description: 'Steps of the scenario, in order.',
      },
    },
    required: ['title', 'devices', 'timeline'],
    additionalProperties: false,
  };
  return withDefinitions(schema, definitionsIn(asObject(frame['properties'])));
}

/** Returns the schemas that many keys share, by their names in `$defs`. */
function definitionsIn(frame: JsonSchema): Readonly<Record<string, JsonSchema>> {
  const values = z.strictObject({
    count: z.int().min(0),
    positiveCount: z.int().min(1),
    integer: z.int(),
    flag: z.boolean(),
    yes: z.literal(true),
  });
  return {
    expectation: asObject(frame['expect']),
    check: jsonSchemaOf(checkWord),
    duration: withoutDescription(jsonSchemaOf(duration(''))),
    name: withoutDescription(jsonSchemaOf(reference('device', ''))),
    ...(asObject(jsonSchemaOf(values)['properties']) as Readonly<Record<string, JsonSchema>>),
    matrixWord,
  };
}

function withoutDescription({ description: _description, ...rules }: JsonSchema): JsonSchema {
  return rules;
}

/** Returns the JSON Schema of a lab file. */
export function labJsonSchema(): object {
  return jsonSchemaOf(labSchema);
}

/** Returns the schema of one timeline entry: the key of the step, and the keys that may accompany it. */
function stepSchema(kind: StepKind, frame: JsonSchema): JsonSchema {
  const args = jsonSchemaOf(kind.args);
  const shorthand = asObject(asObject(args['properties'])[kind.shorthand]);
  const { expect, ...rest } = frame;
  const isJudged = kind.registers || kind.judges;
  return {
    type: 'object',
    description: kind.summary,
    properties: {
      [kind.name]: { anyOf: [args, shorthand], description: kind.summary },
      ...rest,
      expect,
    },
    required: [kind.name],
    // A step without its own checks can have `expect` only at a station: the check is whether the station can reach what the step needs.
    ...(isJudged ? {} : { dependentRequired: { expect: ['at'] } }),
    additionalProperties: false,
  };
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // zod adds the format from which it made the pattern. JSON Schema does not define this format.
      if (jsonSchema.format === 'starts_with') delete jsonSchema.format;
    },
  });
  return asObject(withMatrixWords(rest, true));
}

/** Allows a matrix placeholder `${word}` in place of every value. */
function withMatrixWords(schema: unknown, isRoot: boolean): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const written = withoutOwnWords(schema);
  const {
    description,
    default: preset,
    ...rules
  } = Object.fromEntries(
    Object.entries(written).map(([word, value]) => {
      if (word === 'properties') {
        return [
          word,
          Object.fromEntries(
            Object.entries(asObject(value)).map(([name, inner]) => [name, withMatrixWords(inner, false)]),
          ),
        ];
      }
      if (word === 'propertyNames') return [word, withoutOwnWords(value)];
      if (word === 'items' || word === 'additionalProperties') return [word, withMatrixWords(value, false)];
      if ((word === 'anyOf' || word === 'oneOf') && Array.isArray(value))
        return [word, value.map((inner) => withMatrixWords(inner, true))];
      return [word, value];
    }),
  );
  const isFreeText = rules['type'] === 'string' && rules['pattern'] === undefined && rules['enum'] === undefined;
  const annotations = defined({ description, default: preset });
  if (isRoot || isFreeText) return { ...annotations, ...rules };
  return { ...annotations, anyOf: [rules, matrixWord] };
}

/** Removes the metadata (`Meta`) that only the loader and the error messages use. */
function withoutOwnWords(schema: unknown): Readonly<Record<string, unknown>> {
  const own: ReadonlySet<string> = new Set<keyof Meta>([
    'reference',
    'defines',
    'isValidity',
    'isTimeTaken',
    'list',
    'noun',
  ]);
  return Object.fromEntries(Object.entries(asObject(schema)).filter(([word]) => !own.has(word)));
}

const matrixWord = { type: 'string', pattern: String.raw`\$\{[A-Za-z][\w-]*\}` };

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
