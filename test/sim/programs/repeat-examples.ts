/**
 * `npm run repeat-programs [-- COUNT]`: runs each example under examples/firmware COUNT times (default 20) with one seed, and compares outcome,
 * deciding check and virtual minute of every attempt. Prints one line for each example, and ends with 1 if two runs differ. The example in C
 * must be compiled, see docs/firmware.md.
 */
import { delimiter, join } from 'node:path';
import { minutesOf } from './minutes-of.ts';
import { playProgramFile } from './play-program.ts';

const root = join(import.meta.dirname, '../../..');
const [count = '20', ...chosen] = process.argv.slice(2);
const examples = ['shell', 'curl', 'python', 'node', 'c', 'simulated'].filter(
  (name) => chosen.length === 0 || chosen.includes(name),
);
process.env['PATH'] = `${join(root, 'node_modules/.cache/rehearsal/python/bin')}${delimiter}${process.env['PATH']}`;

for (const name of examples) {
  const outcomes = new Map<string, number>();
  const tookMs: number[] = [];
  for (let run = 0; run < Number(count); run++) {
    const played = await playProgramFile(join(root, 'examples/firmware', name, 'year.yaml'));
    const outcome = [played.verdict.kind, ...minutesOf(played)].join('; ');
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    tookMs.push(played.wallMs);
  }
  const seconds = tookMs.map((ms) => (ms / 1000).toFixed(1));
  process.stdout.write(
    `${name}: ${count} runs, ${outcomes.size} different; longest ${seconds.toSorted((a, b) => Number(b) - Number(a))[0]} s\n`,
  );
  if (outcomes.size > 1) {
    for (const [outcome, times] of outcomes) process.stdout.write(`  ${times} times: ${outcome}\n`);
    process.exitCode = 1;
  }
}
