import { writeFileSync } from 'node:fs';

/** Reporter for vitest: for each test, writes its row of the SDK table and its result. */
export default class SdkTally {
  onTestRunEnd(modules) {
    const counted = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { sdk } = test.meta();
        if (sdk !== undefined) counted.push({ ...sdk, passed: test.result().state === 'passed' });
      }
    }
    writeFileSync(process.env.REHEARSAL_SDK_TALLY, JSON.stringify(counted));
  }
}
