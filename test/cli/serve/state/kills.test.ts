import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killRounds } from './kill-rounds.ts';

test('a lab with --state that is killed under load loses no change that it acknowledged', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const figures = await killRounds({ folder, seed: 'kills', rounds: 3, enrollments: 50 });
  expect(figures.lost).toEqual([]);
  expect(figures.acknowledged).toBeGreaterThan(50);
});
