import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { failed, type Result, succeeded } from '../../core/result.ts';
import { lookAt } from '../files/look-at.ts';
import { makeFolder } from '../files/make-folder.ts';
import { isDraftOf, writeAtomically } from '../files/write-atomically.ts';

/** Paths in the report folder of a run. */
export interface ReportFolder {
  readonly path: string;
  readonly results: string;
  readonly junit: string;
  readonly page: string;
  readonly guide: string;
  readonly attacks: string;
  /** Files that only `rehearse matrix` writes. */
  readonly matrix: { readonly html: string; readonly markdown: string; readonly json: string };
  /** Results of the last runs, one small file each (run-history.ts). */
  readonly history: string;
  /** Temporary files, removed after the run. */
  readonly scratch: string;
}

/** Marker file: rehearse created this folder and may overwrite its own files in it. */
const mark = '.made-by-rehearse';

/** The files that rehearse writes directly into the report folder, and not into a subfolder. */
const files = [
  'results.json',
  'junit.xml',
  'report.html',
  'guide.md',
  'attacks.md',
  'matrix.html',
  'matrix.md',
  'matrix.json',
];

/** Returns true if a file in the folder of a run is part of the run: run.json or an audit trail. */
export function isRunFile(name: string): boolean {
  return /^(run\.json|audit-[\w=.-]+\.jsonl)$/.test(name);
}

/** Removes the files of an earlier run, so that they cannot be mistaken for results of this run if this run fails. */
export function emptyReportFolder(name: string): void {
  const path = resolve(name);
  if (!existsSync(join(path, mark))) return;
  rmSync(join(path, '.playing'), { recursive: true, force: true });
  for (const file of readdirSync(path)) {
    if (files.some((ours) => file === ours || isDraftOf(ours, file))) rmSync(join(path, file), { force: true });
  }
  const runs = join(path, 'runs');
  if (!existsSync(runs) || isLink(runs)) return;
  // The user may keep other files there, so this loop removes only files that rehearse wrote, and folders that are then empty.
  for (const entry of readdirSync(runs)) {
    for (const file of filesIn(join(runs, entry))) {
      if (isRunFile(file) || isDraftOf('run.json', file)) rmSync(join(runs, entry, file), { force: true });
    }
    removeEmpty(join(runs, entry));
  }
  removeEmpty(runs);
}

/**
 * Opens the folder for a run that has scenarios to run, and removes the files of the earlier run. A command calls this function only after
 * all checks. So after a mistake in a file or in the command, the earlier report is still there. Fails if a file that rehearse would write
 * exists and was not made by rehearse, or if a subfolder is a link.
 */
export function openReportFolder(name: string): Result<ReportFolder> {
  const path = resolve(name);
  const folder = {
    path,
    results: join(path, 'results.json'),
    junit: join(path, 'junit.xml'),
    page: join(path, 'report.html'),
    guide: join(path, 'guide.md'),
    attacks: join(path, 'attacks.md'),
    matrix: { html: join(path, 'matrix.html'), markdown: join(path, 'matrix.md'), json: join(path, 'matrix.json') },
    history: join(path, 'history'),
    scratch: join(path, '.playing'),
  };
  if (!existsSync(join(path, mark))) {
    const foreign = [...files.map((file) => join(path, file)), folder.scratch, folder.history, join(path, 'runs')].find(
      (one) => existsSync(one),
    );
    if (foreign !== undefined) {
      return failed(
        'foreign-file',
        `${foreign} was not made by rehearse and would be overwritten; choose another folder with --report-dir`,
      );
    }
  }
  const link = linkIn(path);
  if (link !== undefined) {
    return failed(
      'link',
      `${link} is a link that leads out of the report folder; remove it, or choose another folder with --report-dir`,
    );
  }
  emptyReportFolder(path);
  makeFolder(folder.scratch);
  writeAtomically(
    join(path, mark),
    'The next run of rehearse replaces the files that rehearse wrote into this folder.\n',
    {
      isDurable: false,
    },
  );
  return succeeded(folder);
}

/** Removes the temporary files. */
export function closeReportFolder(folder: ReportFolder): void {
  rmSync(folder.scratch, { recursive: true, force: true });
}

/** Returns the path of the first link that a run would use as one of its folders. */
function linkIn(path: string): string | undefined {
  const runs = join(path, 'runs');
  return [join(path, '.playing'), join(path, 'history'), runs, ...filesIn(runs).map((entry) => join(runs, entry))].find(
    isLink,
  );
}

function isLink(path: string): boolean {
  return lookAt(path)?.isSymbolicLink() === true;
}

/** Returns the names in a folder; an empty list if the path is not a folder. */
function filesIn(path: string): readonly string[] {
  return lookAt(path)?.isDirectory() === true ? readdirSync(path) : [];
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // The folder contains other files, or the path is not a folder. In both cases, nothing is removed.
  }
}
