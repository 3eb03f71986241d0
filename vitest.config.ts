import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real TPMs make real RSA keys: a slow draw of primes on a busy machine must not read as a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
