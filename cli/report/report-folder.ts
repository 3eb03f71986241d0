import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lookAt } from '../files/look-at.ts';
import { makeFolder } from '../files/make-folder.ts';
import { isDraftOf, writeAtomically } from '../files/write-atomically.ts';

/** The folder that a run reports to. */
export interface ReportFolder {
  readonly path: string;
  readonly results: string;
  readonly junit: string;
  readonly page: string;
  readonly guide: string;
  readonly attacks: string;
  /** Of `rehearse matrix` only. */
  readonly matrix: { readonly html: string; readonly markdown: string; readonly json: string };
  /** For what is gone after the run. */
  readonly scratch: string;
}

/** Says that what bears our names in the folder is ours to replace. */
const mark = '.made-by-rehearse';

/** What may lie in the folder itself. */
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

/** Whether a file beside a run.json belongs to the run: itself, or an audit trail of it. */
export function isRunFile(name: string): boolean {
  return /^(run\.json|audit-[\w=.-]+\.jsonl)$/.test(name);
}

/** Removes what an earlier run left, so that nobody takes it for the results of this one, however this one ends. */
export function emptyReportFolder(name: string): void {
  const path = resolve(name);
  if (!existsSync(join(path, mark))) return;
  rmSync(join(path, '.playing'), { recursive: true, force: true });
  for (const file of readdirSync(path)) {
    if (files.some((ours) => file === ours || isDraftOf(ours, file))) rmSync(join(path, file), { force: true });
  }
  const runs = join(path, 'runs');
  if (!existsSync(runs) || isLink(runs)) return;
  // File by file, and folders only where nothing is left in them: somebody may keep something of their own there.
  for (const entry of readdirSync(runs)) {
    for (const file of filesIn(join(runs, entry))) {
      if (isRunFile(file) || isDraftOf('run.json', file)) rmSync(join(runs, entry, file), { force: true });
    }
    removeEmpty(join(runs, entry));
  }
  removeEmpty(runs);
}

/** Makes the folder. Returns a sentence where it holds files under our names that we did not make. */
export function openReportFolder(name: string): ReportFolder | string {
  const path = resolve(name);
  const folder = {
    path,
    results: join(path, 'results.json'),
    junit: join(path, 'junit.xml'),
    page: join(path, 'report.html'),
    guide: join(path, 'guide.md'),
    attacks: join(path, 'attacks.md'),
    matrix: { html: join(path, 'matrix.html'), markdown: join(path, 'matrix.md'), json: join(path, 'matrix.json') },
    scratch: join(path, '.playing'),
  };
  if (!existsSync(join(path, mark))) {
    const foreign = [...files.map((file) => join(path, file)), folder.scratch, join(path, 'runs')].find((one) =>
      existsSync(one),
    );
    if (foreign !== undefined) {
      return `${foreign} was not made by rehearse and would be overwritten; choose another folder with --report-dir`;
    }
  }
  const link = linkIn(path);
  if (link !== undefined) {
    return `${link} is a link, and what is written to it would leave the report folder; remove it, or choose another folder with --report-dir`;
  }
  makeFolder(folder.scratch);
  writeAtomically(join(path, mark), 'Files in this folder that rehearse wrote are replaced by its next run.\n', {
    isDurable: false,
  });
  return folder;
}

/** Ends the use of the scratch folder. */
export function closeReportFolder(folder: ReportFolder): void {
  rmSync(folder.scratch, { recursive: true, force: true });
}

/** A link in the place of a folder that a run writes to. */
function linkIn(path: string): string | undefined {
  const runs = join(path, 'runs');
  return [join(path, '.playing'), runs, ...filesIn(runs).map((entry) => join(runs, entry))].find(isLink);
}

function isLink(path: string): boolean {
  return lookAt(path)?.isSymbolicLink() === true;
}

/** Names in a folder; none where it is no folder but a file or a link of somebody. */
function filesIn(path: string): readonly string[] {
  return lookAt(path)?.isDirectory() === true ? readdirSync(path) : [];
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Not empty, or not a folder.
  }
}
