import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runWarm, runWarmIn } from '../cli/warm/warm-command.ts';
import { commandLines } from './command-lines.ts';
import { rehearseWords } from './rehearse-words.ts';

/** Removes real durations from an output, because they differ in each run. */
function timeless(text: string): string {
  return text.replaceAll(/ in \d+\.\d\d s$/gm, ' in … s');
}

/** Returns the outputs on the page, each split at the lines that consist of `…`. */
function printedPieces(page: string): readonly string[] {
  // Fences (```) open and close a block in turn, so every second piece is a block. A block without a language is an output.
  const inside = page.split(/^```/m).filter((_, place) => place % 2 === 1);
  return inside
    .filter((block) => block.startsWith('\n'))
    .flatMap((block) => block.slice(1).split(/^ *…\n/m))
    .map(timeless);
}

test(
  'the commands of `docs/start.md` print the output on the page, from `init` to the regression',
  { timeout: 240_000 },
  async () => {
    // `npm start` runs all scenarios, which `npm test` already does.
    const [first = '', ...others] = commandLines('docs/start.md').filter((line) => line !== 'npm start');
    const begun = await runWarm({}, rehearseWords(first) ?? []);
    const codes = [begun.exitCode];
    let said = begun.stdout + begun.stderr;
    for (const line of others) {
      const words = rehearseWords(line);
      if (words === undefined) {
        execFileSync('sh', ['-c', line], { cwd: begun.folder });
        continue;
      }
      const { exitCode, stdout, stderr } = await runWarmIn(begun.folder, words);
      codes.push(exitCode);
      said += stdout + stderr;
    }
    // The exit codes of init, run, hopeful, explain, misspelt, writing the baseline, comparing with it, and the regression, in this order.
    expect(codes, said).toEqual([0, 0, 1, 1, 2, 0, 0, 4]);
    const pieces = printedPieces(readFileSync('docs/start.md', 'utf8'));
    expect(pieces.length).toBeGreaterThan(5);
    for (const piece of pieces) expect(timeless(said)).toContain(piece);
  },
);
