#!/usr/bin/env node
// `npm run guide`: plays every shipped scenario and writes docs/guide.md and docs/attacks.md from what came of it. Ends as
// rehearse does, and writes nothing where not everything came out as expected.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, start } from './start.mjs';

const { code, failure } = await start(['node', 'cli/rehearse.mjs', 'run'], 'inherit');
if (code === 0) {
  for (const page of ['guide.md', 'attacks.md']) {
    copyFileSync(join(root, 'rehearsal-report', page), join(root, 'docs', page));
    process.stdout.write(`docs/${page} is written\n`);
  }
} else {
  process.stderr.write(`docs/guide.md and docs/attacks.md are left as they were: ${failure}\n`);
}
process.exitCode = code ?? 3;
