import { writeFileSync } from 'node:fs';

/**
 * Reporter for vitest: writes the file that run-tallied.mjs reads. The JSON reporter of vitest has neither the reasons of skipped tests
 * nor errors outside tests.
 */
export default class VitestTally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = {
      passed: 0,
      failed: unhandledErrors.length,
      skipped: [],
      failures: unhandledErrors.map(outsideTests),
    };
    for (const module of modules) {
      // Counts errors outside tests, because the results of the tests do not show them: a file that could not be loaded has no tests, and a
      // suite whose hook failed reports its tests as skipped.
      for (const suite of [module, ...module.children.allSuites()]) {
        const [error] = suite.errors();
        if (error !== undefined) addFailure(tally, nameOf(module, suite), error.message);
      }
      for (const test of module.children.allTests()) count(tally, module, test);
    }
    writeFileSync(process.env.REHEARSAL_TALLY, JSON.stringify(tally));
  }
}

function count(tally, module, test) {
  const { state, note, errors } = test.result();
  if (state === 'passed') tally.passed++;
  else if (state === 'failed') addFailure(tally, nameOf(module, test), errors[0]?.message ?? 'no reason given');
  else if (state === 'skipped') tally.skipped.push({ name: nameOf(module, test), reason: note ?? 'no reason given' });
  // A test that is still pending at the end of the run has hung or was interrupted, so it counts as failed.
  else addFailure(tally, nameOf(module, test), 'it did not end');
}

function addFailure(tally, name, reason) {
  tally.failed++;
  tally.failures.push({ name, reason });
}

function outsideTests({ message }) {
  return { name: 'an error outside the tests', reason: message };
}

function nameOf(module, { fullName }) {
  return fullName === undefined ? module.relativeModuleId : `${module.relativeModuleId} > ${fullName}`;
}
