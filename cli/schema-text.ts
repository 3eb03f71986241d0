import { z } from 'zod';
import { matrixShape } from '../reports/matrix/matrix-shape.ts';
import { resultsShape } from '../reports/shapes/results-shape.ts';
import { runShape } from '../reports/shapes/run-shape.ts';
import { scenarioJsonSchema } from '../sim/scenario/json-schema.ts';
import type { SchemaName } from './commands/schema.ts';
import { vocabulary } from './files/load-files.ts';

/** The schemas, each with the file in which it is committed. */
export const schemas = {
  scenario: { file: 'scenarios/schema.json', schema: () => scenarioJsonSchema(vocabulary()) },
  results: { file: 'reports/results.schema.json', schema: () => z.toJSONSchema(resultsShape) },
  matrix: { file: 'reports/matrix.schema.json', schema: () => z.toJSONSchema(matrixShape) },
  run: { file: 'reports/run.schema.json', schema: () => z.toJSONSchema(runShape) },
} as const satisfies Record<SchemaName, { file: string; schema: () => object }>;

/** Returns the text of a committed JSON Schema (draft 2020-12). */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(schemas[name].schema(), null, 2)}\n`;
}
