import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { playWorlds } from '../../cli/conform/play-worlds.ts';
import type { StatementResult } from '../../core/conformance/conformance-result.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { conformanceClients } from '../../scripts/sdk/conformance-clients.mjs';
import { builtProgram } from '../built-program.ts';
import { swtpmMissing } from '../sim/swtpm-present.ts';

const scores = join(dirname(fileURLToPath(import.meta.url)), 'scores');
const root = dirname(dirname(dirname(scores)));
/**
 * Statements that seven short worlds (settings of a lab) test. No verdict depends on measured times, so a busy computer gives the same
 * verdicts.
 */
const ids = [
  'T1',
  'T2',
  'T6',
  'T7',
  'T8',
  'C1',
  'C2',
  'C3',
  'C6',
  'C7',
  'C10',
  'C11',
  'R1',
  'R2',
  'R5',
  'H1',
  'P2',
  'P5',
];
const idsOfTpm = ['M1', 'M2', 'M3'];

const present = conformanceClients.filter(({ only }) => only === undefined || swtpmMissing === undefined);

/**
 * Returns a command for the same client with its packages in one file. The test starts each client many times, and from many files each
 * start takes one to three seconds of processor time.
 */
async function quickCommand(command: readonly string[]): Promise<readonly string[]> {
  return [process.execPath, await builtProgram(`import './${command.at(-1)}';`, 'bundle')];
}

test.each(present)(
  'the client $id gets the verdicts of its committed score file',
  async ({ id, command, env, without, only }) => {
    const shipped = JSON.parse(readFileSync(join(scores, `${id}.json`), 'utf8')) as {
      readonly results: readonly StatementResult[];
    };
    const wanted = only === undefined ? ids : idsOfTpm;
    const { results } = await playWorlds({
      statements: statements.filter((statement) => wanted.includes(statement.id)),
      worlds: worlds.filter((world) => world.id !== 'certificate'),
      client: { command: await quickCommand(command), folder: root, environment: env, commandOf: {}, without },
      name: id,
      workers: 4,
    });
    const verdicts = (all: readonly StatementResult[]) =>
      Object.fromEntries(all.flatMap((result) => (wanted.includes(result.id) ? [[result.id, result.verdict]] : [])));
    expect(verdicts(results)).toEqual(verdicts(shipped.results));
  },
  600_000,
);
