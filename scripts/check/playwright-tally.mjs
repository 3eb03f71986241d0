import { writeFileSync } from 'node:fs';

/** Reporter for Playwright Test: writes the file that run-tallied.mjs reads. A test that passed only after a retry counts as failed. */
export default class PlaywrightTally {
  #suite;
  #errors = [];

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** Counts an error outside any test, such as a file that cannot be loaded. */
  onError({ message }) {
    this.#errors.push({ name: 'an error outside the tests', reason: message ?? 'no reason given' });
  }

  onEnd() {
    const tally = { passed: 0, failed: this.#errors.length, skipped: [], failures: [...this.#errors] };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      const name = test.titlePath().filter(Boolean).join(' > ');
      const isPlayed = test.results.some(({ status }) => status !== 'skipped');
      if (outcome === 'skipped') {
        const why = test.annotations.find(({ type }) => type === 'skip')?.description;
        tally.skipped.push({ name, reason: why ?? 'no reason given' });
      } else if (outcome === 'expected' && isPlayed) tally.passed++;
      else {
        const error = test.results.find((result) => result.error !== undefined)?.error;
        tally.failed++;
        tally.failures.push({ name, reason: error?.message ?? `${outcome}, without an error` });
      }
    }
    writeFileSync(process.env.REHEARSAL_TALLY, JSON.stringify(tally));
  }

  printsToStdio() {
    return false;
  }
}
