import { beforeAll, describe, expect, test } from 'vitest';
import type { ConformanceReport } from '../../core/conformance/conformance-result.ts';
import { provoked, runClient } from './wire-runs.ts';

/** Statements whose deviation needs a longer observation than a test has. `judges.test.ts` tests their judges with written events. */
const tooLong = ['P7'];

/** Environment variables that a deviation needs. */
const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  R7: { CLIENT_API_VERSION: '2026-11-02-preview' },
};

const ids = provoked.map(({ id }) => id);
const limitMs = 300_000;

describe('the client of the tests', () => {
  let right: ConformanceReport;

  beforeAll(async () => {
    right = await runClient(ids, undefined);
  }, limitMs);

  test.each(ids)('passes %s, or the run cannot exercise it', (id) => {
    const result = right.results.find((each) => each.id === id);
    expect(result).toMatchObject({ verdict: expect.stringMatching(/^(pass|not exercised)$/) });
  });

  test('exercises nearly every statement', () => {
    const missing = right.results.filter(({ verdict }) => verdict === 'not exercised').map(({ id }) => id);
    // B2 needs more refused connections than the limit of its world allows.
    expect(missing.filter((id) => id !== 'B2' && id !== 'R7')).toEqual([]);
  });
});

describe('a client that breaks one statement', () => {
  test.concurrent.each(ids.filter((id) => !tooLong.includes(id)))(
    'fails %s',
    async (id) => {
      const { results } = await runClient([id], id, { environment: environments[id] ?? {}, workers: 3 });
      expect(results).toEqual([
        expect.objectContaining({ id, verdict: expect.stringMatching(/^(fail|informative)$/) }),
      ]);
    },
    limitMs,
  );
});
