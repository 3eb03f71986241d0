import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defined } from '../../core/defined.ts';
import { junitXml } from '../../reports/junit.ts';
import type { Playback } from '../../reports/playback.ts';
import { resultsJson, resultsOf } from '../../reports/results-json.ts';
import { terminalReport } from '../../reports/terminal.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { openGate } from './gate.ts';
import { mergePlaybacks } from './merge-playbacks.ts';
import { pageText } from '../bundle/page-text.ts';
import { readPlayback } from './read-playback.ts';
import { readReportFile } from './read-report-file.ts';
import {
  closeReportFolder,
  emptyReportFolder,
  isRunFile,
  openReportFolder,
  type ReportFolder,
} from './report-folder.ts';
import { viewOfStored } from './view-of-stored.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { writePages } from './write-pages.ts';

export interface MergeOptions {
  readonly reportDir: string;
  readonly baseline?: string;
  readonly slowerThan?: number;
}

/** Makes one report folder of many, tells the sum on stdout and returns the exit code of the whole. */
export function mergeFolders(folders: readonly string[], { reportDir, ...held }: MergeOptions): number {
  if (folders.some((folder) => resolve(folder) === resolve(reportDir))) {
    return mistake(`${reportDir} is one of the parts; choose another folder with --report-dir`);
  }
  const parts: { readonly folder: string; readonly playback: Playback }[] = [];
  for (const folder of folders) {
    const playback = readPlayback(folder);
    if (typeof playback === 'string') return mistake(playback);
    parts.push({ folder, playback });
  }
  const whole = mergePlaybacks(parts.map(({ folder, playback }) => ({ name: folder, playback })));
  if (typeof whole === 'string') return mistake(whole);
  const gate = openGate({ ...held, ...defined({ sabotage: whole.sabotage }) });
  if (typeof gate === 'string') return mistake(gate);
  emptyReportFolder(reportDir);
  const target = openReportFolder(reportDir);
  if (typeof target === 'string') return mistake(target);
  for (const part of parts) {
    const problem = copyRuns(part.folder, part.playback, target);
    if (problem !== undefined) return mistake(problem);
  }
  const view = viewOfStored(whole, reportDir, pageText());
  writeAtomically(target.results, resultsJson(whole));
  writeAtomically(target.junit, junitXml(whole, { ...view, colour: false }));
  writePages(target, whole, view);
  closeReportFolder(target);
  const results = resultsOf(whole);
  const comparison = gate?.compare(results);
  process.stdout.write(terminalReport.onEnd(whole, comparison === undefined ? view : { ...view, comparison }));
  return gate === undefined || comparison === undefined ? exitCodeOf(results) : gate.end(results, comparison);
}

/**
 * Copies each run.json with its audit trails, and nothing else that is beside it.
 *
 * @returns a sentence if one of them cannot be read.
 */
function copyRuns(folder: string, { played }: Playback, target: ReportFolder): string | undefined {
  const runFiles = played.flatMap((one) => [
    one.runFile,
    ...(one.repeats?.differences ?? []).map((other) => other.runFile),
  ]);
  for (const runFile of runFiles) {
    // The form of `runFile` was checked when results.json was read (reports/shapes/results-shape.ts).
    const names = runFile?.split('/').slice(0, -1);
    if (names === undefined || !existsSync(join(folder, ...names))) continue;
    for (const name of readdirSync(join(folder, ...names)).filter(isRunFile)) {
      try {
        const text = readReportFile(folder, [...names, name]).toString();
        writeAtomically(join(target.path, ...names, name), text, { isDurable: false });
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }
  }
  return undefined;
}

function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
