// A lab starts within a few seconds, so a test with a lab needs more time than the default of 5 seconds.
export default { test: { include: ['**/vitest.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } };
