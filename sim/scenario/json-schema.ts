import { z } from 'zod';
import type { StepKind } from '../steps/define-step.ts';
import type { Meta } from './meta-of.ts';
import { frameSchema } from './read-timeline.ts';
import { labSchema } from '../lab/schema.ts';
import { headSchema } from './schema.ts';

/**
 * JSON Schema (draft 2020-12) of a scenario file, for completion and marks in editors. Any value may also be a word of the
 * matrix, `${word}`, and any list entry or object may come from one.
 */
export function scenarioJsonSchema(vocabulary: {
  readonly steps: readonly StepKind[];
  readonly topics: readonly string[];
  readonly attacks?: readonly string[];
}): object {
  const head = jsonSchemaOf(headSchema);
  const frame = jsonSchemaOf(frameSchema);
  const properties = asObject(head['properties']);
  return {
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
        description: 'Design choices: the timeline is played once for each entry, with its words in place of ${word}.',
      },
      timeline: {
        type: 'array',
        minItems: 1,
        items: { anyOf: vocabulary.steps.map((kind) => stepSchema(kind, asObject(frame['properties']))) },
        description: 'What happens, in order.',
      },
    },
    required: ['title', 'devices', 'timeline'],
    additionalProperties: false,
  };
}

/** The same of a lab file, whose values are no words of a matrix. */
export function labJsonSchema(): object {
  return jsonSchemaOf(labSchema);
}

/** One entry of a timeline: the word of the step, and what may stand beside it. */
function stepSchema(kind: StepKind, frame: Readonly<Record<string, unknown>>): object {
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
    // Elsewhere something is decided only at a station: whether it reaches what it needs.
    ...(isJudged ? {} : { dependentRequired: { expect: ['at'] } }),
    additionalProperties: false,
  };
}

function jsonSchemaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return asObject(withMatrixWords(rest, true));
}

/** Lets every value be `${word}` as well. */
function withMatrixWords(schema: unknown, isRoot: boolean): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const written = withoutOwnWords(schema);
  const { description, ...rules } = Object.fromEntries(
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
  const told = description === undefined ? {} : { description };
  if (isRoot || isFreeText) return { ...told, ...rules };
  return { ...told, anyOf: [rules, matrixWord] };
}

/** Without what a schema says for the loader and for messages only (`Meta`). */
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
