import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './start.mjs';

/**
 * Says where docs/guide.md is not what the run that just ended showed; undefined where it is. A run that did not show
 * everything has nothing to compare, and fails or is told as skipped for that itself.
 */
export function staleGuide({ complete, summary }) {
  if (!complete || summary.passed !== summary.total) return undefined;
  const shown = linesOf(join(root, 'rehearsal-report', 'guide.md'));
  const kept = linesOf(join(root, 'docs', 'guide.md'));
  const length = Math.max(shown.length, kept.length);
  for (let index = 0; index < length; index++) {
    if (shown[index] === kept[index]) continue;
    return [
      `docs/guide.md is not what the scenarios show; run \`npm run guide\`. Line ${index + 1}:`,
      `  docs/guide.md  ${kept[index] ?? '(ends before)'}`,
      `  this run       ${shown[index] ?? '(ends before)'}`,
    ].join('\n');
  }
  return undefined;
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    return [`cannot be read: ${error.message}`];
  }
}
