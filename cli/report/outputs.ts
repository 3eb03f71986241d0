import type { CheckId } from '../../core/checks.ts';
import { done, type Result } from '../../core/result.ts';
import type { Difference } from '../../reports/baseline/difference.ts';
import type { Report, View } from '../../reports/define-report.ts';
import { reports } from '../../reports/index.ts';
import type { PlayedRun, Playback } from '../../reports/playback.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { checkWritable } from '../files/check-writable.ts';
import type { ChosenReport } from './chosen-report.ts';
import { writeJobSummary } from './write-job-summary.ts';

/** A report of a run, and the file or stream that receives its text. */
export interface OutputSettings {
  readonly report: Report;
  /** Path for the text of the report. If omitted, the text goes to stdout. */
  readonly file?: string;
}

/** Returns the reports that `--reporter` names. Default: `line` on a terminal, otherwise `files`, which fits the log of a CI job. */
export function chosenReports(
  chosen: readonly ChosenReport[] | undefined,
  stream: { readonly isTTY?: boolean },
): readonly OutputSettings[] {
  const names = chosen ?? [{ name: stream.isTTY === true ? 'line' : 'files' }];
  return (
    names
      // The report folder contains report.html anyway, so `html` without a file adds nothing to other reports.
      .filter(({ name, file }) => name !== 'html' || file !== undefined || names.length === 1)
      .map(({ name, ...rest }) => ({ report: reports.find((one) => one.name === name) ?? reports[0], ...rest }))
  );
}

/** Checks before a long run that the file of each report can be written. */
export function checkReportFiles(chosen: readonly OutputSettings[]): Result<undefined> {
  for (const { file } of chosen) {
    const checked = file === undefined ? done : checkWritable(file);
    if (!checked.ok) return checked;
  }
  return done;
}

/** One report of a run. `text` is its text so far, if the report goes into a file. */
interface Output extends OutputSettings {
  readonly view: View;
  text: string;
}

/**
 * The reports of one run. The methods return the text for stdout. This class collects the texts for files and writes the files at the end
 * of the run.
 */
export class Outputs {
  readonly #outputs: readonly Output[];
  /** For each scenario file, its scenarios that have not ended. */
  readonly #open = new Map<string, Set<string>>();
  readonly #ended = new Map<string, PlayedRun>();

  /** @param planned the scenarios of the run, which tell when all scenarios of a file have ended. */
  constructor(
    chosen: readonly OutputSettings[],
    view: View,
    planned: readonly { readonly id: string; readonly file: string }[],
  ) {
    for (const { id, file } of planned) this.#open.set(file, (this.#open.get(file) ?? new Set()).add(id));
    const whole = { ...view, fileCount: this.#open.size };
    this.#outputs = chosen.map((one) => ({
      ...one,
      view: one.file === undefined ? whole : { ...whole, colour: false },
      text: '',
    }));
  }

  /** True if a terminal shows a line of progress below the report on stdout. */
  get hasProgress(): boolean {
    return this.#outputs.some(({ report, file }) => file === undefined && report.hasProgress === true);
  }

  onSabotage(check: CheckId): string {
    return this.#add((report, view) => report.onSabotage?.(check, view) ?? '');
  }

  onScenario(played: PlayedRun): string {
    const { id, file } = played.run;
    const open = this.#open.get(file);
    this.#ended.set(id, played);
    const isLast = open?.delete(id) === true && open.size === 0;
    const ofFile = isLast ? [...this.#ended.values()].filter(({ run }) => run.file === file) : [];
    return this.#add(
      (report, view) => report.onScenario(played, view) + (isLast ? (report.onFile?.(file, ofFile, view) ?? '') : ''),
    );
  }

  /** Writes the reports that go into files, and the job summary of GitHub Actions. Returns the text for stdout. */
  onEnd(playback: Playback, comparison: readonly Difference[] | undefined): string {
    const compared = (view: View): View => (comparison === undefined ? view : { ...view, comparison });
    const text = this.#add((report, view) => report.onEnd(playback, compared(view)));
    for (const { report, view, file, text: whole } of this.#outputs) {
      if (file !== undefined) writeAtomically(file, whole);
      writeJobSummary(report.onSummary?.(playback, compared(view)));
    }
    return text;
  }

  /** Reports a run that has ended, from its first scenario to its end. */
  whole(playback: Playback, comparison: readonly Difference[] | undefined): string {
    const texts = playback.played.map((played) => this.onScenario(played));
    return texts.join('') + this.onEnd(playback, comparison);
  }

  /** Adds a text to each report. Returns the text for stdout. */
  #add(textOf: (report: Report, view: View) => string): string {
    let onStdout = '';
    for (const output of this.#outputs) {
      const text = textOf(output.report, output.view);
      if (output.file === undefined) onStdout += text;
      else output.text += text;
    }
    return onStdout;
  }
}
