#!/usr/bin/env node
// `npm run guide`: plays every shipped scenario and writes docs/guide.md from what came of it. Ends as rehearse does, and
// writes nothing where not everything came out as expected.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, start } from './start.mjs';

const { code, failure } = await start(['node', 'cli/rehearse.mjs', 'run'], 'inherit');
if (code === 0) {
  copyFileSync(join(root, 'rehearsal-report', 'guide.md'), join(root, 'docs', 'guide.md'));
  process.stdout.write('docs/guide.md is written\n');
} else {
  process.stderr.write(`docs/guide.md is left as it was: ${failure}\n`);
}
process.exitCode = code ?? 3;
