import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../start.mjs';

/** The pages that are generated from the results of a run. */
const pages = ['guide.md', 'attacks.md'];

/**
 * Returns the first difference between docs/guide.md or docs/attacks.md and the page that the last run wrote; undefined if the pages are
 * equal. Compares the pages only if every scenario passed. If a scenario did not pass, the run has failed anyway, or has too few results to
 * compare.
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
    `  docs/${page}  ${kept[index] ?? '(the page ends before this line)'}`,
    `  ${'this run'.padEnd(width)}  ${shown[index] ?? '(the page ends before this line)'}`,
  ].join('\n');
}

function linesOf(file) {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    return [`cannot be read: ${error.message}`];
  }
}
