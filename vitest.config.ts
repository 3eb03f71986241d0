import { availableParallelism } from 'node:os';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

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

/** Small files that take longest. Vitest starts with large files, so these would run at the end, when the other workers are idle. */
const long = [
  'test/mocks/heap.test.ts',
  'test/sim/play/same-seed.test.ts',
  'test/cli/serve/many-at-once.test.ts',
  'test/cli/serve/state/kills.test.ts',
  'test/cli/run/broken-workers.test.ts',
  'test/cli/run/early-signals.test.ts',
  // Both pack the checkout, which writes its folder `lib`.
  'test/package/container.test.ts',
  'test/package/package.test.ts',
  'test/sdk/retry.test.ts',
  'test/node-versions/same-histories.test.ts',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not the method of arrays
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    // Real TPMs make real RSA keys: a slow draw of primes on a busy machine must not read as a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: alone,
          maxWorkers: availableParallelism(),
          // Reading the same modules again for each file took a fifth of the time. What a file changes for its process, it
          // puts back.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

function isLong({ moduleId }: TestSpecification): boolean {
  return long.some((file) => moduleId.endsWith(file));
}
