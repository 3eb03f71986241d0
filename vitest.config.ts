import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Test files that run one at a time: their bounds are in real time or memory, they look for processes and folders that other tests
 * also create, or they start one process per processor.
 */
const alone = [
  'test/cli/run/ends-with-parent.test.ts',
  'test/cli/run/run.test.ts',
  'test/core/time/clock.test.ts',
  'test/core/x509/bounds.test.ts',
  'test/endurance/chaos.test.ts',
  'test/endurance/soak.test.ts',
  'test/mocks/heap.test.ts',
  'test/mocks/listeners/mqtt/mqtt-listener.test.ts',
  'test/mocks/listeners/shared/stalling-clients.test.ts',
  'test/sim/key-stores/killed-helper.test.ts',
  'test/sim/tpm/killed-run.test.ts',
];

export default defineConfig({
  test: {
    // Real TPMs make real RSA keys: a slow draw of primes on a busy machine must not read as a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
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
