import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playWorlds } from '../../cli/conform/play-worlds.ts';
import type { ConformanceReport } from '../../core/conformance/conformance-result.ts';
import type { Statement } from '../../sim/conformance/statements/statement.ts';
import { statements } from '../../sim/conformance/statements/statements.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { builtProgram } from '../built-program.ts';

const folder = dirname(fileURLToPath(import.meta.url));

/** All test worlds use one client file, into which the first call bundles the client. So each client process starts fast. */
let built: Promise<string> | undefined;

/**
 * Runs the small client of the tests in the test worlds of some conformance statements.
 * @param wrong ID of the statement that the client breaks; undefined for none.
 */
export async function runClient(
  ids: readonly string[],
  wrong: string | undefined,
  { environment = {}, workers = 12 }: { environment?: Readonly<Record<string, string>>; workers?: number } = {},
): Promise<ConformanceReport> {
  built ??= builtProgram(`import './test/conformance/client.mjs';`, 'bundle');
  const client = await built;
  return playWorlds({
    statements: statements.filter(({ id }) => ids.includes(id)),
    // The test worlds with the longest run time start first, so that at the end no long run is alone.
    worlds: worlds.toSorted((one, other) => other.observeMs - one.observeMs),
    client: {
      command: [process.execPath, client],
      folder,
      environment: { ...(wrong === undefined ? {} : { CLIENT_WRONG: wrong }), ...environment },
      commandOf: {},
      without: [],
    },
    name: 'the client of the tests',
    workers,
  });
}

/** The conformance statements for which there is at least one test world. */
export const provoked: readonly Statement[] = statements.filter((statement) => statement.worlds.length > 0);
