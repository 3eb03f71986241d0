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
    impersonated: count.meta({
      description:
        'Number of identities that the attacker could take over before the operator blocked the stolen credentials.',
    }),
    tried: count.meta({
      description:
        'Number of identities that the attacker tried: the fleet, a device that is not built yet, and an invented device.',
    }),
    online: z.array(z.string()).meta({ description: 'Stations of the production line that needed a network.' }),
    lineSteps: z.number().min(0).meta({ description: 'Average number of actions on the production line per unit.' }),
    needless: count.meta({
      description: 'Number of secrets that a party could read before the theft, but did not need.',
    }),
    banBites: z.string().nullable().meta({
      description:
        'ISO 8601 duration from the first action of the operator that blocks the stolen credentials to the first attempt in which the attacker takes over no identity; null if there is no such attempt.',
    }),
    keptOut: count.meta({
      description:
        'Number of devices of the fleet that are out of service after the operator blocked the stolen credentials.',
    }),
    fleet: count,
    rollDeeds: count.meta({
      description:
        'Number of actions that gave devices new credentials after the operator blocked the stolen credentials.',
    }),
    rollVisits: count.meta({ description: 'Number of devices that needed a visit on site for new credentials.' }),
    back: count.meta({ description: 'Number of devices of the fleet that are in service again with new credentials.' }),
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
          id: z.string().meta({ description: 'ID of the scenario of this cell in results.json.' }),
          verdict: z.enum(['pass', 'fail', 'unknown', 'skipped']).meta({
            description: '`pass` if the run of the cell reached its end. Only then the cell has measurements.',
          }),
          reason: z.string(),
          runFile: runFileShape
            .nullable()
            .meta({ description: 'Path of the run.json of this cell, relative to this file.' }),
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
        .meta({
          description:
            'Combinations that are not valid designs. If a key such as `factory` is omitted, the entry is about all values of this key.',
        }),
    ),
  })
  .meta({ title: 'matrix.json of rehearse' });

export type Matrix = z.output<typeof matrixShape>;
export type MatrixCell = Matrix['cells'][number];
