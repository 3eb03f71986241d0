import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { readPlan } from './plan.ts';

const { plan, folder } = readPlan();

for (const planned of plan.scenarios) {
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

/** So that a worker which no longer answers can be ended by its id. */
function leavePid(workerIndex: number): void {
  mkdirSync(folder.scratch, { recursive: true });
  writeFileSync(join(folder.scratch, `worker-${workerIndex}.pid`), String(process.pid));
}
