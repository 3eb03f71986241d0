import { writeFileSync } from 'node:fs';

/**
 * Reporter for vitest: writes the file that run-tallied.mjs reads. The JSON reporter of vitest has neither the reasons of skipped tests
 * nor errors outside tests.
 */
export default class VitestTally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      // Counts errors outside tests, because the results of the tests do not show them: a file that could not be loaded has no tests, and a
      // suite whose hook failed reports its tests as skipped.
      tally.failed += [module, ...module.children.allSuites()].filter((suite) => suite.errors().length > 0).length;
      for (const test of module.children.allTests()) count(tally, module, test);
    }
    writeFileSync(process.env.REHEARSAL_TALLY, JSON.stringify(tally));
  }
}

function count(tally, module, test) {
  const { state, note } = test.result();
  if (state === 'passed') tally.passed++;
  else if (state === 'failed') tally.failed++;
  else if (state === 'skipped') tally.skipped.push({ name: nameOf(module, test), reason: note ?? 'no reason given' });
  // A test that is still pending at the end of the run has hung or was interrupted, so it counts as failed.
  else tally.failed++;
}

function nameOf(module, test) {
  return `${module.relativeModuleId} > ${test.fullName}`;
}
