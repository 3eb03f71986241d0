import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromium } from './chromium.ts';

/** Uses the browser that the Linux distribution installed, so that nothing is downloaded. */
export default defineConfig({
  testDir: import.meta.dirname,
  testMatch: '*.spec.ts',
  globalSetup: './real-report.ts',
  outputDir: join(tmpdir(), 'rehearsal-browser'),
  preserveOutput: 'never',
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  reporter: 'list',
  use: {
    viewport: { width: 1280, height: 900 },
    // For the user root, for example in a container, Chromium starts only without its sandbox.
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), args: ['--no-sandbox'] },
  },
});
