import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** Pages that are made of what a run showed. */
const pages = ['guide.md', 'attacks.md'];

/**
 * Says where docs/guide.md or docs/attacks.md is not what the run that just ended showed; undefined where they are. A run that
 * did not show everything has nothing to compare, and fails or is told as skipped for that itself.
 */
export function staleGuide({ complete, summary }) {
  if (!complete || summary.passed !== summary.total) return undefined;
  for (const page of pages) {
    const difference = firstDifference(page);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function firstDifference(page) {
  const shown = linesOf(join(root, 'rehearsal-report', page));
  const kept = linesOf(join(root, 'docs', page));
  const index = Array.from({ length: Math.max(shown.length, kept.length) }).findIndex(
    (_, at) => shown[at] !== kept[at],
  );
  if (index === -1) return undefined;
  const width = `docs/${page}`.length;
  return [
    `docs/${page} is stale: run \`npm run generate -- --only guide\`. Line ${index + 1}:`,
    `  docs/${page}  ${kept[index] ?? '(ends before)'}`,
    `  ${'this run'.padEnd(width)}  ${shown[index] ?? '(ends before)'}`,
  ].join('\n');
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    return [`cannot be read: ${error.message}`];
  }
}
