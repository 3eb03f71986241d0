import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playWorlds } from '../../cli/conform/play-worlds.ts';
import type { StatementResult } from '../../core/conformance/conformance-result.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';

const folder = dirname(fileURLToPath(import.meta.url));
/** Statements with short worlds. Their verdicts do not depend on gaps of less than a second. */
const ids = [
  'T1',
  'T2',
  'T3',
  'T4',
  'C1',
  'C2',
  'C3',
  'C6',
  'C10',
  'C11',
  'R1',
  'R2',
  'R5',
  'R6',
  'P1',
  'P2',
  'P5',
  'P6',
];
const chosen = statements.filter(({ id }) => ids.includes(id));

test.each([
  ['node-sdk-mqtt', 'clients/node-sdk.cjs', 'mqtt'],
  ['node-sdk-https', 'clients/node-sdk.cjs', 'https'],
])(
  '%s gets the verdicts of its committed score file',
  async (name, program, transport) => {
    const shipped = JSON.parse(readFileSync(`${folder}/scores/${name}.json`, 'utf8')) as {
      readonly results: readonly StatementResult[];
    };
    const { results } = await playWorlds({
      statements: chosen,
      worlds,
      client: {
        command: [process.execPath, program],
        folder,
        environment: { CLIENT_TRANSPORT: transport },
        commandOf: {},
        without: ['tpm', 'csr', 'renewal', 'state', 'tokens'],
      },
      name,
      workers: 6,
    });
    const verdicts = (all: readonly StatementResult[]) =>
      Object.fromEntries(all.flatMap(({ id, verdict }) => (ids.includes(id) ? [[id, verdict]] : [])));
    expect(verdicts(results)).toEqual(verdicts(shipped.results));
  },
  180_000,
);
