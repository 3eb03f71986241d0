import { spawnSync } from 'node:child_process';
import { defined } from '../core/defined.ts';
import type { Run } from '../core/run/run.ts';
import { packageVersion } from './package-root.ts';

/** Returns the versions of the programs of a run, without `swtpm` if it is not installed. */
export function versions(): Run['versions'] {
  known ??= readVersions();
  return known;
}

/** The versions are cached: they cannot change during a run, and reading the version of swtpm takes as long as a scenario. */
let known: Run['versions'] | undefined;

function readVersions(): Run['versions'] {
  const stdout = spawnSync('swtpm', ['--version'], { encoding: 'utf8', timeout: 5000 }).stdout ?? '';
  const swtpm = /version (\d+(?:\.\d+)*)/.exec(stdout)?.[1];
  return { rehearsal: packageVersion(), node: process.versions.node, ...defined({ swtpm }) };
}
