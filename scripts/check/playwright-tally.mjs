import { writeFileSync } from 'node:fs';

/** Reporter for Playwright Test: writes the file that run-tallied.mjs reads. A test that passed only after a retry counts as failed. */
export default class PlaywrightTally {
  #suite;
  #errors = 0;

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** Counts an error outside any test, such as a file that cannot be loaded. */
  onError() {
    this.#errors++;
  }

  onEnd() {
    const tally = { passed: 0, failed: this.#errors, skipped: [] };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      const isPlayed = test.results.some(({ status }) => status !== 'skipped');
      if (outcome === 'skipped') {
        const why = test.annotations.find(({ type }) => type === 'skip')?.description;
        tally.skipped.push({ name: test.titlePath().filter(Boolean).join(' > '), reason: why ?? 'no reason given' });
      } else if (outcome === 'expected' && isPlayed) tally.passed++;
      else tally.failed++;
    }
    writeFileSync(process.env.REHEARSAL_TALLY, JSON.stringify(tally));
  }

  printsToStdio() {
    return false;
  }
}
