import { beforeAll, describe, expect, test } from 'vitest';
import type { StatementResult } from '../../core/conformance/conformance-result.ts';
import type { Statement } from '../../sim/conformance/statements/statement.ts';
import { worlds } from '../../sim/conformance/worlds/worlds.ts';
import { provoked, runRightClient, runWrongClient } from './wire-runs.ts';

/** In the tests of these statements, the client requests a certificate. In the tests of all other statements, it uses symmetric keys. */
const isIssuing = (id: string): boolean => /^[IN]\d|^S[23]$/.test(id);

/** Returns the environment variables that the client needs before it can break the statement with this ID. */
function environmentOf(id: string): Readonly<Record<string, string>> {
  if (id === 'R7') return { CLIENT_API_VERSION: '2026-11-02-preview' };
  return isIssuing(id) ? { CLIENT_CSR: '1' } : {};
}

const ids = provoked.map(({ id }) => id);
const right = new Map<string, StatementResult>();
const broken = new Map<string, StatementResult | undefined>();

/** Runs the client without a deviation, so that it follows every statement. */
async function runRight(some: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const { results } = await runRightClient(some, environment);
  for (const result of results) right.set(result.id, result);
}

/**
 * Returns the longest run of a client in the first test world of the statement, in real milliseconds. Returns a short time for worlds in
 * which time jumps, and 0 for worlds that compare the instants of several clients, so that those start when the computer is less busy.
 */
function limitOf(statement: Statement): number {
  const world = worlds.find(({ id }) => id === statement.worlds[0]);
  if (world === undefined || (world.clients ?? 1) > 1) return 0;
  return world.jumps === true ? Math.min(world.observeMs, 30_000) : world.observeMs;
}

// The clients mostly wait, so that a computer can run many of them at the same time.
beforeAll(async () => {
  // The statements with the longest runs start first, so that at the end no long run is alone.
  const left = provoked.toSorted((one, other) => limitOf(other) - limitOf(one));
  const work = async (): Promise<void> => {
    for (let statement = left.shift(); statement !== undefined; statement = left.shift()) {
      const { id } = statement;
      broken.set(id, await runWrongClient(statement, { CLIENT_WRONG: id, ...environmentOf(id) }));
    }
  };
  await Promise.all([
    runRight(
      ids.filter((id) => !isIssuing(id)),
      {},
    ),
    runRight(ids.filter(isIssuing), { CLIENT_CSR: '1' }),
    ...Array.from({ length: 24 }, work),
  ]);
}, 600_000);

describe('the test client without a deviation', () => {
  test.each(ids)('passes the conformance statement %s, or the run cannot exercise it', (id) => {
    expect(right.get(id)).toMatchObject({ verdict: expect.stringMatching(/^(pass|not exercised)$/) });
  });

  test('passes at least 80 conformance statements', () => {
    const exercised = [...right.values()].filter(({ verdict }) => verdict === 'pass');
    expect(exercised.length).toBeGreaterThanOrEqual(80);
  });
});

describe('a test client that breaks one conformance statement', () => {
  test.each(ids)('fails the statement %s', (id) => {
    expect(broken.get(id)).toMatchObject({ id, verdict: expect.stringMatching(/^(fail|informative)$/) });
  });
});
