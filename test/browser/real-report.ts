import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from './chromium.ts';

const root = join(import.meta.dirname, '..', '..');

/** Runs a few scenarios and writes their report. Returns a function that removes the report. */
export default function playForReal(): () => void {
  if (chromium === undefined) return () => {};
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-report-'));
  const words = [
    'cli/rehearse.mjs',
    'run',
    'scenarios/warehouse',
    'scenarios/attacks/stolen-keys/group-key-leaks.yaml',
  ];
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [...words, '--report-dir', folder, '--seed', 'a-seed-for-pictures'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the scenarios of the report did not pass (${status}):\n${stdout}\n${stderr}`);
  process.env['REHEARSAL_REAL_REPORT'] = join(folder, 'report.html');
  return () => rmSync(folder, { recursive: true, force: true });
}
