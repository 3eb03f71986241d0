import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import '../process/end-with-parent.ts';
import { awaitPlan } from './plan.ts';

const here = dirname(fileURLToPath(import.meta.url));
const { plan, folder } = await awaitPlan();

/** How Playwright Test, which finds this in the bundle, plays the plan; shard and retries come on its command line. */
export default defineConfig({
  testDir: here,
  testMatch: 'suite.spec.js',
  fullyParallel: true,
  outputDir: join(folder.scratch, 'output'),
  preserveOutput: 'never',
  reporter: [[join(here, 'playwright-reporter.js')]],
  workers: plan.workers,
  timeout: plan.timeLimitMs,
  // The bundle is JavaScript already; a pass through babel costs a second.
  build: { external: ['**/*'] },
});
