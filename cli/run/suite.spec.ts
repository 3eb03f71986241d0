import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { makeFolder } from '../files/make-folder.ts';
import { type PlannedScenario, readPlan } from './plan.ts';

const { plan, folder } = readPlan();

// Playwright Test takes a dozen stacks for each test and looks every line of them up in source maps, which a bundle has not:
// a twentieth of the time that a worker works.
Reflect.deleteProperty(Error, 'prepareStackTrace');

/**
 * Variants of a file that go to one worker, one after the other: it reads the file once. Playwright Test also looks at every
 * test of the plan again for each group, which a group per variant makes a matter of seconds.
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
    leavePid(test.info().workerIndex);
    const runFile = join(folder.path, 'runs', planned.slug, 'run.json');
    // Loaded here and not above: Playwright's main process only wants the names.
    const { playPlanned } = await import('./play-planned.ts');
    const verdict = await playPlanned(plan, planned, runFile);
    test.info().attachments.push({ name: 'run', contentType: 'application/json', path: runFile });
    if (verdict.kind === 'skipped') test.skip(true, verdict.reason);
    if (verdict.kind !== 'pass') throw new Error(`${verdict.kind}: ${verdict.reason}`);
  });
}

/** By file, and never so many together that workers would have to wait for one of them. */
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

/** So that a worker which no longer answers can be ended by its id. */
function leavePid(workerIndex: number): void {
  makeFolder(folder.scratch);
  writeFileSync(join(folder.scratch, `worker-${workerIndex}.pid`), String(process.pid));
}
