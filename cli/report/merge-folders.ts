import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { defined } from '../../core/defined.ts';
import { done, failed, type Result } from '../../core/result.ts';
import type { Report } from '../../reports/define-report.ts';
import { junitXml } from '../../reports/junit.ts';
import type { Playback } from '../../reports/playback.ts';
import { resultsJson, resultsOf } from '../../reports/results-json.ts';
import { terminalReport } from '../../reports/terminal.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { lookAt } from '../files/look-at.ts';
import { mistake } from '../mistake.ts';
import type { ChosenReport } from './chosen-report.ts';
import { openGate } from './gate.ts';
import { mergePlaybacks } from './merge-playbacks.ts';
import { pageText } from '../bundle/page-text.ts';
import { checkReportFiles, chosenReports, Outputs } from './outputs.ts';
import { readPlayback } from './read-playback.ts';
import { readReportFile } from './read-report-file.ts';
import { closeReportFolder, isRunFile, openReportFolder, type ReportFolder } from './report-folder.ts';
import { viewOfStored } from './view-of-stored.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { writePages } from './write-pages.ts';

export interface MergeOptions {
  readonly reportDir: string;
  readonly baseline?: string;
  readonly slowerThan?: number;
  readonly reportUrl?: string;
  readonly reporter?: readonly ChosenReport[];
}

/** Merges report folders into one, prints the summary on stdout and returns the exit code of the merged run. */
export function mergeFolders(
  given: readonly string[],
  { reportDir, reporter, reportUrl, ...gateOptions }: MergeOptions,
): number {
  const folders = given.map(folderOf);
  // Two paths can lead to one folder through a symbolic link. The merge empties the target, and with it the part.
  if (folders.some((folder) => realPath(folder) === realPath(reportDir))) {
    return mistake(`${reportDir} is one of the folders to merge; choose another folder with --report-dir`);
  }
  const parts: { readonly folder: string; readonly playback: Playback }[] = [];
  for (const folder of folders) {
    const playback = readPlayback(folder);
    if (!playback.ok) return mistake(playback.failure.sentence);
    parts.push({ folder, playback: playback.value });
  }
  const merged = mergePlaybacks(parts.map(({ folder, playback }) => ({ name: folder, playback })));
  if (!merged.ok) return mistake(merged.failure.sentence);
  const whole = merged.value;
  const opened = openGate({ ...gateOptions, ...defined({ sabotage: whole.sabotage }) });
  if (!opened.ok) return mistake(opened.failure.sentence);
  const gate = opened.value;
  const chosen = reporter === undefined ? [{ report: sumReport }] : chosenReports(reporter, process.stdout);
  const writable = checkReportFiles(chosen);
  if (!writable.ok) return mistake(writable.failure.sentence);
  const openedFolder = openReportFolder(reportDir);
  if (!openedFolder.ok) return mistake(openedFolder.failure.sentence);
  const target = openedFolder.value;
  for (const part of parts) {
    const copied = copyRuns(part.folder, part.playback, target);
    if (!copied.ok) return mistake(copied.failure.sentence);
  }
  const view = viewOfStored(whole, reportDir, pageText(), { ...gateOptions, ...defined({ reportUrl }) });
  writeAtomically(target.results, resultsJson(whole));
  writeAtomically(target.junit, junitXml(whole, { ...view, colour: false }));
  writePages(target, whole, view);
  closeReportFolder(target);
  const results = resultsOf(whole);
  const comparison = gate?.compare(results);
  process.stdout.write(
    new Outputs(
      chosen,
      view,
      whole.played.map(({ run }) => run),
    ).whole(whole, comparison),
  );
  return gate === undefined || comparison === undefined ? exitCodeOf(results) : gate.end(results, comparison);
}

/** Returns the report folder that a path means: itself, or the folder that contains the given results.json. */
function folderOf(path: string): string {
  return basename(path) === 'results.json' && lookAt(path)?.isFile() === true ? dirname(path) : path;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

/** The report of a merge without `--reporter`: only the summary, because each shard has reported its scenarios already. */
const sumReport: Report = { ...terminalReport, onScenario: () => '' };

/** Copies each run.json and the audit trails in its folder, but no other file. Fails if one of the files to copy cannot be read. */
function copyRuns(folder: string, { played }: Playback, target: ReportFolder): Result<undefined> {
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
        return failed('unreadable', error instanceof Error ? error.message : String(error));
      }
    }
  }
  return done;
}
