import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Playback } from '../../reports/playback.ts';
import { type PastRun, pastRunOf, pastRunShape } from '../../reports/run-history.ts';
import { isDraftOf, writeAtomically } from '../files/write-atomically.ts';
import type { ReportFolder } from './report-folder.ts';

/** Returns the earlier runs of a report folder, the oldest first. Skips a damaged file, so that it does not fail the run. */
export function readHistory({ history }: ReportFolder): readonly PastRun[] {
  return numbered(history).flatMap(({ path }) => {
    try {
      const parsed = pastRunShape.safeParse(JSON.parse(readFileSync(path, 'utf8')));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Adds a run to the history of a report folder, and removes the oldest runs until `keep` are left. Does not add a run with a disabled
 * check, because its results show the quality of the scenarios and not of the tested design.
 */
export function addToHistory({ history }: ReportFolder, playback: Playback, keep: number): void {
  if (playback.sabotage === undefined && keep > 0) {
    const number = (numbered(history).at(-1)?.number ?? 0) + 1;
    const text = `${JSON.stringify(pastRunOf(playback))}\n`;
    writeAtomically(join(history, `${String(number).padStart(6, '0')}.json`), text, { isDurable: false });
  }
  const kept = numbered(history);
  for (const { path } of kept.slice(0, Math.max(0, kept.length - keep))) rmSync(path, { force: true });
}

/** Returns the files of the history in order. Removes draft files that a killed run left. */
function numbered(history: string): readonly { readonly number: number; readonly path: string }[] {
  if (!existsSync(history)) return [];
  const files = readdirSync(history);
  for (const file of files) {
    if (isDraftOf(`${file.slice(0, 6)}.json`, file)) rmSync(join(history, file), { force: true });
  }
  return files
    .filter((file) => /^\d{6}\.json$/.test(file))
    .map((file) => ({ number: Number(file.slice(0, 6)), path: join(history, file) }))
    .toSorted((a, b) => a.number - b.number);
}
