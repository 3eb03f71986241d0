import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';
import durations from './test/durations.json' with { type: 'json' };

/** Seconds by file; `npm run generate -- --only durations` measures them. */
const seconds: Readonly<Record<string, number>> = durations;

/**
 * Test files that need the computer alone, because they have limits in real time. `npm test` runs them
 * when all other checks have ended.
 */
const alone = [
  // Compares real waits of 20 to 120 ms.
  'test/core/time/clock.test.ts',
  // Each chain has a limit in milliseconds.
  'test/core/x509/bounds.test.ts',
  // Listeners close within a second.
  'test/mocks/listeners/mqtt/mqtt-listener.test.ts',
  // Clients stall for real seconds, and others must be served meanwhile.
  'test/mocks/listeners/shared/stalling-clients.test.ts',
];

/**
 * Test files with many real clients at the same time, whose waits in real time are judged. `npm test` runs them when all other checks
 * have ended, because a busy computer makes the waits longer.
 */
const clients = ['test/conformance/statements.test.ts'];

/** Starts the longest files first, so that no worker has a long file left when the others are idle. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not the method of arrays
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => secondsOf(other) - secondsOf(one));
  }
}

export default defineConfig({
  test: {
    // These limits only end a hang. Several test runners and real TPMs, which make RSA keys, share the processors, so a test that takes
    // 10 s alone can take a minute.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...alone, ...clients],
          // Many tests wait for processes, sockets and limits. Each further worker reads all modules once more: six workers on two
          // processors took 686 s, four took 604 s.
          maxWorkers: availableParallelism() + 2,
          // Reading the same modules again for each file took a fifth of the time. What a file changes for its process, it
          // puts back.
          isolate: false,
          // Room for short-lived objects, as in the workers of a run: fewer garbage collections, 5 % less processor time.
          execArgv: ['--min-semi-space-size=32', '--max-semi-space-size=32'],
          globalSetup: 'test/package/pack-server.ts',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'clients', include: clients, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

/** Returns 0 for files that are short or new. */
function secondsOf({ moduleId }: TestSpecification): number {
  return seconds[relative(import.meta.dirname, moduleId).replaceAll('\\', '/')] ?? 0;
}
