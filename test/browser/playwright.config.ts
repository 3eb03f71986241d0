import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { chromium } from './chromium.ts';

/** Tests in the browser of the distribution, so that nothing is downloaded. */
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
    // As root, as in a container, Chromium starts only without its sandbox.
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), args: ['--no-sandbox'] },
  },
});
