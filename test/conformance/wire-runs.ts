import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ClientSpec } from '../../cli/conform/client-spec.ts';
import { playWorlds } from '../../cli/conform/play-worlds.ts';
import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import type { Statement } from '../../sim/conformance/statements/statement.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { builtProgram } from '../built-program.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** All test worlds use one client file, into which the first call bundles the client. So each client process starts fast. */
let built: Promise<string> | undefined;

/**
 * Runs the small client of the tests, without a deviation, in the test worlds of some conformance statements.
 * @param environment further variables of the client.
 */
export async function runRightClient(
  ids: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ConformanceReport> {
  return playWorlds({
    statements: statements.filter(({ id }) => ids.includes(id)),
    // The test worlds with the longest run time start first, so that at the end no long run is alone.
    worlds: worlds.toSorted((one, other) => other.observeMs - one.observeMs),
    client: await clientWith(environment),
    name: 'the client of the tests',
    workers: 12,
  });
}

/**
 * Runs the small client of the tests in one test world of a conformance statement after another, until it fails the statement. Further test
 * worlds cannot change that verdict. In each test world it first runs for half of the limit, in which a client without a deviation shows its
 * behaviour, and then for the whole limit if it has not failed.
 * @param environment makes the client break the statement.
 */
export async function runWrongClient(
  statement: Statement,
  environment: Readonly<Record<string, string>>,
): Promise<StatementResult | undefined> {
  let result: StatementResult | undefined;
  for (const world of statement.worlds.flatMap((id) => worlds.filter((each) => each.id === id))) {
    for (const part of [0.5, 1]) {
      const { results } = await playWorlds({
        statements: [statement],
        worlds: [{ ...world, observeMs: world.observeMs * part }],
        client: await clientWith(environment),
        name: 'the client of the tests',
        workers: 1,
      });
      result = results[0];
      if (result?.verdict === 'fail' || result?.verdict === 'informative') return result;
    }
  }
  return result;
}

async function clientWith(environment: Readonly<Record<string, string>>): Promise<ClientSpec> {
  built ??= builtProgram(`import './test/conformance/client.mjs';`, 'bundle');
  return { command: [process.execPath, await built], folder, environment, commandOf: {}, without: [] };
}

/** The conformance statements for which there is at least one test world. */
export const provoked: readonly Statement[] = statements.filter((statement) => statement.worlds.length > 0);
