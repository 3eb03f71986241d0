import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromiumArguments } from './chromium-arguments.ts';
import { chromium } from './chromium.ts';

/** Uses the browser that the Linux distribution installed, so that nothing is downloaded. */
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.spec.ts',
  globalSetup: './real-report.ts',
  // A folder of this checkout: Playwright deletes the folder at its start, and another checkout may run its tests at the same time.
  outputDir: join(import.meta.dirname, '../../node_modules/.cache/rehearsal-browser'),
  preserveOutput: 'never',
  workers: 2,
  fullyParallel: true,
  // Limits against a page or a lab that hangs. A busy computer needs more than the defaults of 30 s and 5 s.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 900 },
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), args: [...chromiumArguments] },
  },
});
