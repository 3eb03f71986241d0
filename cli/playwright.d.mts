import type { Reporter } from '@playwright/test/reporter';

/**
 * Declares a test of Playwright Test for each variant of the scenario files below a folder.
 *
 * @param paths files or folders, relative to the working directory. `/**` at the end of a folder is allowed.
 * @param settings.seed fixes every random choice. Default: the seed of the scenario, or `1`, so that all shards have the same one.
 */
export function scenarioTests(paths: string | readonly string[], settings?: { readonly seed?: string }): void;

/** The reporter that writes the report folder of `rehearse run`: `reporter: [['dps-rehearsal/playwright', { reportDir }]]`. */
declare const RehearsalReporter: new (settings?: { readonly reportDir?: string }) => Reporter;
export default RehearsalReporter;
