import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runWarm } from '../cli/warm/warm-command.ts';

const page = readFileSync('README.md', 'utf8');

test('`README.md` has at most 120 lines', () => {
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
});

test('the scenario of `README.md` fails, then passes as the page describes, and prints each line of the output on the page', async () => {
  // Fences (```) open and close a block in turn, so every second piece of the page is a block. The first line of a block is its language.
  const blocks = page.split(/^```/m).filter((_, place) => place % 2 === 1);
  const block = (language: string): string =>
    blocks.find((one) => one.startsWith(`${language}\n`))?.slice(language.length + 1) ?? '';
  const [scenario, shown] = [block('yaml'), block('')];
  expect(scenario.trim().split('\n')).toHaveLength(10);
  const failed = await runWarm({ 'first.yaml': scenario }, ['run', 'first.yaml']);
  expect(failed.exitCode).toBe(1);
  const lines = shown.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(failed.stdout.split('\n')).toContain(line);
  const expected = scenario.replace('{ assigned: hub-eu }', '{ refused: certificate-valid-now }');
  const passed = await runWarm({ 'first.yaml': expected }, ['run', 'first.yaml']);
  expect(passed.exitCode).toBe(0);
});
