import { beforeAll, describe, expect, test } from 'vitest';
import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import { provoked, runClient } from './wire-runs.ts';

/** In the tests of these statements, the client requests a certificate. In the tests of all other statements, it uses symmetric keys. */
const isIssuing = (id: string): boolean => /^[IN]\d|^S[23]$/.test(id);

/** Returns the environment variables that the client needs before it can break the statement with this ID. */
function environmentOf(id: string): Readonly<Record<string, string>> {
  if (id === 'R7') return { CLIENT_API_VERSION: '2026-11-02-preview' };
  return isIssuing(id) ? { CLIENT_CSR: '1' } : {};
}

const ids = provoked.map(({ id }) => id);
const wrong = ids;
const right = new Map<string, StatementResult>();
const broken = new Map<string, ConformanceReport>();

/** Runs the client without a deviation, so that it follows every statement. */
async function runRight(some: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  const { results } = await runClient(some, undefined, { environment, workers: 12 });
  for (const result of results) right.set(result.id, result);
}

// The clients mostly wait, so that a computer can run many of them at the same time.
beforeAll(async () => {
  const left = [...wrong];
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift())
      broken.set(id, await runClient([id], id, { environment: environmentOf(id), workers: 2 }));
  };
  await Promise.all([
    runRight(
      ids.filter((id) => !isIssuing(id)),
      {},
    ),
    runRight(ids.filter(isIssuing), { CLIENT_CSR: '1' }),
    ...Array.from({ length: 16 }, work),
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
  test.each(wrong)('fails the statement %s', (id) => {
    expect(broken.get(id)?.results).toEqual([
      expect.objectContaining({ id, verdict: expect.stringMatching(/^(fail|informative)$/) }),
    ]);
  });
});
