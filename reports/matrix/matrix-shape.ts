import { z } from 'zod';
import { runFileShape } from '../shapes/run-file-shape.ts';
import { matrixAxes } from '../../core/run/matrix-axes.ts';
import { schemaVersion } from '../../core/run/run.ts';

const count = z.int().min(0);

const axes = {
  attestation: choices(matrixAxes.attestation),
  keyStore: choices(matrixAxes.keyStore),
  factory: choices(matrixAxes.factory),
  attack: choices(matrixAxes.attack),
};

function choices<Id extends string>(words: Readonly<Record<Id, string>>) {
  return z.enum(Object.keys(words) as [Id, ...Id[]]);
}

const measures = z
  .strictObject({
    impersonated: count.meta({ description: 'For how many identities the thief was taken before he was banned.' }),
    tried: count.meta({ description: 'Identities that he tried: the fleet, one that is not built, one of no label.' }),
    online: z.array(z.string()).meta({ description: 'Stations of the line that needed a network.' }),
    lineSteps: z.number().min(0).meta({ description: 'Deeds on the line for each unit.' }),
    needless: count.meta({ description: 'Secrets that somebody had who need not, until the theft.' }),
    banBites: z.string().nullable().meta({
      description:
        'ISO 8601 duration from the first ban to his first try that passes for nobody; null if he got in to the end.',
    }),
    keptOut: count.meta({ description: 'Devices of the fleet that are out of service after the ban.' }),
    fleet: count,
    rollDeeds: count.meta({ description: 'Deeds to get the devices back with other credentials.' }),
    rollVisits: count.meta({ description: 'Devices that somebody had to go to for that.' }),
    back: count.meta({ description: 'Devices that are in service again after that.' }),
    impersonatedAfterRoll: count,
  })
  .meta({ description: 'What the history of the run gave.' });

/** Shape of `matrix.json`. */
export const matrixShape = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    complete: z.boolean().meta({ description: 'Whether every cell came to an end of its own.' }),
    seed: z.string(),
    versions: z.strictObject({ rehearsal: z.string(), node: z.string(), swtpm: z.string().exactOptional() }),
    troubles: z.array(z.string()),
    cells: z.array(
      z
        .strictObject({
          ...axes,
          id: z.string().meta({ description: 'ID of its scenario in results.json.' }),
          verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']).meta({
            description: 'pass if it was played to its end; only then are there measures.',
          }),
          reason: z.string(),
          runFile: runFileShape.nullable().meta({ description: 'Its run.json, relative to this file.' }),
          measures: measures.nullable(),
        })
        .meta({ description: 'A place in the matrix, played.' }),
    ),
    leftOut: z.array(
      z
        .strictObject({
          attestation: axes.attestation.exactOptional(),
          keyStore: axes.keyStore.exactOptional(),
          factory: axes.factory.exactOptional(),
          attack: axes.attack.exactOptional(),
          why: z.string(),
        })
        .meta({ description: 'Places that make no sense; an axis that is absent means all of it.' }),
    ),
  })
  .meta({ title: 'matrix.json of rehearse' });

export type Matrix = z.output<typeof matrixShape>;
export type MatrixCell = Matrix['cells'][number];
