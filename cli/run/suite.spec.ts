import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { makeFolder } from '../files/make-folder.ts';
import { type PlannedScenario, readPlan } from './plan.ts';

const { plan, folder } = readPlan();

// Playwright Test captures a dozen stacks for each test and looks up each line in source maps, which a bundle does not have. That takes
// a twentieth of the time of a worker.
Reflect.deleteProperty(Error, 'prepareStackTrace');

/**
 * Gives the variants of a file to one worker, which reads the file once. Playwright Test also visits every test of the plan again for
 * each group, which takes seconds if each variant is a group.
 */
for (const [index, group] of groups(plan.scenarios, plan.workers).entries()) {
  test.describe(`group ${index}`, () => {
    test.describe.configure({ mode: 'default' });
    for (const planned of group) declare(planned);
  });
}

function declare(planned: PlannedScenario): void {
  const variant = planned.variant === '' ? '' : ` (${planned.variant})`;
  const details = {
    tag: planned.tags.map((tag) => `@${tag}`),
    annotation: { type: 'id', description: planned.id },
  };
  test(`${planned.id}: ${planned.title}${variant}`, details, async () => {
    writePid(test.info().workerIndex);
    const runFile = join(folder.path, 'runs', planned.slug, 'run.json');
    // Loaded here, because the main process of Playwright needs only the names.
    const { playPlanned } = await import('./play-planned.ts');
    const verdict = await playPlanned(plan, planned, runFile);
    test.info().attachments.push({ name: 'run', contentType: 'application/json', path: runFile });
    if (verdict.kind === 'skipped') test.skip(true, verdict.reason);
    if (verdict.kind !== 'pass') throw new Error(`${verdict.kind}: ${verdict.reason}`);
  });
}

/** Groups scenarios by file, in groups small enough that no worker has to wait long for another one. */
function groups(scenarios: readonly PlannedScenario[], workers: number): readonly (readonly PlannedScenario[])[] {
  const largest = Math.ceil(scenarios.length / (workers * 8));
  const found: PlannedScenario[][] = [];
  for (const planned of scenarios) {
    const last = found.at(-1);
    if (last !== undefined && last[0]?.file === planned.file && last.length < largest) last.push(planned);
    else found.push([planned]);
  }
  return found;
}

/** Writes the process ID of the worker, so that watchdogs.ts can kill it if it does not respond. */
function writePid(workerIndex: number): void {
  makeFolder(folder.scratch);
  writeFileSync(join(folder.scratch, `worker-${workerIndex}.pid`), String(process.pid));
}
