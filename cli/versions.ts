import { spawnSync } from 'node:child_process';
import { defined } from '../core/defined.ts';
import type { Run } from '../core/run/run.ts';
import { packageVersion } from './package-root.ts';

/** What a run was played with; `swtpm` is absent where there is none to be found. */
export function versions(): Run['versions'] {
  known ??= ask();
  return known;
}

/** A program that was installed does not change while it is used, and to ask it takes as long as a whole scenario. */
let known: Run['versions'] | undefined;

function ask(): Run['versions'] {
  const told = spawnSync('swtpm', ['--version'], { encoding: 'utf8', timeout: 5000 }).stdout ?? '';
  const swtpm = /version (\d+(?:\.\d+)*)/.exec(told)?.[1];
  return { rehearsal: packageVersion(), node: process.versions.node, ...defined({ swtpm }) };
}
