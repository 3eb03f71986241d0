import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import '../process/end-with-parent.ts';
import { type PlanMessage, type Playing, planVariable, readPlan } from './plan.ts';

const here = dirname(fileURLToPath(import.meta.url));
const { plan, folder } = await awaitPlan();

/** Configuration of Playwright Test, which loads it from the bundle. Shard and retries are on the command line. */
export default defineConfig({
  testDir: here,
  testMatch: 'suite.spec.js',
  fullyParallel: true,
  outputDir: join(folder.scratch, 'output'),
  preserveOutput: 'never',
  reporter: [[join(here, 'playwright-reporter.js')]],
  workers: plan.workers,
  timeout: plan.timeLimitMs,
  // The bundle is JavaScript already; a babel transform would cost a second.
  build: { external: ['**/*'] },
});

/**
 * Waits for the plan in the main process of Playwright, and puts its path into the environment for the workers. Playwright starts
 * before the plan exists, so that it starts while the scenario files are checked.
 */
async function awaitPlan(): Promise<Playing> {
  if (process.env[planVariable] === undefined) {
    if (process.send === undefined) throw new Error('start the scenarios with `rehearse run`');
    process.env[planVariable] = await new Promise((resolve) => {
      process.once('message', ({ planFile }: PlanMessage) => resolve(planFile));
    });
  }
  return readPlan();
}
