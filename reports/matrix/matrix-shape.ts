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
    impersonated: count.meta({ description: 'Number of identities that the attacker could take over before the ban.' }),
    tried: count.meta({
      description: 'Identities that the attacker tried: the fleet, one that is not built, one without a label.',
    }),
    online: z.array(z.string()).meta({ description: 'Stations of the line that needed a network.' }),
    lineSteps: z.number().min(0).meta({ description: 'Actions on the line for each unit.' }),
    needless: count.meta({ description: 'Secrets that a party had without need, until the theft.' }),
    banBites: z.string().nullable().meta({
      description:
        'ISO 8601 duration from the first ban to the first try that takes over no identity; null if the attacker succeeds to the end.',
    }),
    keptOut: count.meta({ description: 'Devices of the fleet that are out of service after the ban.' }),
    fleet: count,
    rollDeeds: count.meta({ description: 'Actions to get the devices back with new credentials.' }),
    rollVisits: count.meta({ description: 'Devices that needed a visit for that.' }),
    back: count.meta({ description: 'Devices that are in service again after that.' }),
    impersonatedAfterRoll: count,
  })
  .meta({ description: 'Measurements from the history of the run.' });

/** Shape of `matrix.json`. */
export const matrixShape = z
  .strictObject({
    schemaVersion: z.literal(schemaVersion),
    complete: z.boolean().meta({ description: 'True if every cell ran to its end.' }),
    seed: z.string(),
    versions: z.strictObject({ rehearsal: z.string(), node: z.string(), swtpm: z.string().exactOptional() }),
    troubles: z.array(z.string()),
    cells: z.array(
      z
        .strictObject({
          ...axes,
          id: z.string().meta({ description: 'ID of its scenario in results.json.' }),
          verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']).meta({
            description: 'pass if the cell ran to its end; only then it has measurements.',
          }),
          reason: z.string(),
          runFile: runFileShape.nullable().meta({ description: 'Its run.json, relative to this file.' }),
          measures: measures.nullable(),
        })
        .meta({ description: 'A cell of the matrix with its result.' }),
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
        .meta({ description: 'Combinations that are not valid designs; an absent axis means all its values.' }),
    ),
  })
  .meta({ title: 'matrix.json of rehearse' });

export type Matrix = z.output<typeof matrixShape>;
export type MatrixCell = Matrix['cells'][number];
