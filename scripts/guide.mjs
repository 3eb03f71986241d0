#!/usr/bin/env node
// Runs every shipped scenario and writes docs/guide.md and docs/attacks.md from the results. Ends with the exit code of rehearse, and
// writes nothing unless every scenario passes.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, start } from './start.mjs';

const { code, failure } = await start(['node', 'cli/rehearse.mjs', 'run'], 'inherit');
if (code === 0) {
  for (const page of ['guide.md', 'attacks.md']) {
    copyFileSync(join(root, 'rehearsal-report', page), join(root, 'docs', page));
    process.stdout.write(`docs/${page} written\n`);
  }
} else {
  process.stderr.write(`docs/guide.md and docs/attacks.md not written: ${failure}\n`);
}
process.exitCode = code ?? 3;
