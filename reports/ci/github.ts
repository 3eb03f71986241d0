import type { StepVerdict } from '../../core/run/run.ts';
import { acceptSentence } from '../baseline/accept-sentence.ts';
import type { Report, View } from '../define-report.ts';
import { flakyText } from '../sentences/flaky-text.ts';
import { markdownReport } from '../markdown.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import { decidingLine, stepWhy } from '../sentences/why-text.ts';
import { tally } from '../sentences/tally.ts';
import { titleOf } from '../sentences/title-of.ts';

/** The report for GitHub Actions: failures as annotations at the lines of the scenario files, then the summary. */
export const githubReport: Report = {
  name: 'github',
  summary: 'GitHub Actions annotations at the lines of the scenario files',
  onScenario: annotations,
  onEnd: ending,
  onSummary: (playback, view) => markdownReport.onEnd(playback, view),
};

/** Returns an annotation for each failed expectation. GitHub shows at most ten annotations of each severity in a job step. */
function annotations(played: PlayedRun, view: View): string {
  const { run } = played;
  const title = titleOf(run);
  const flaky = flakyText(played);
  // If the results of repeats differ, the run fails. If a retry passed, the run does not fail.
  if (flaky !== undefined) {
    return annotation(played.repeats === undefined ? 'warning' : 'error', run.file, 1, title, flaky);
  }
  const { kind, reason } = run.verdict;
  if (kind === 'pass') return '';
  if (kind === 'skipped') return annotation('notice', run.file, 1, title, `skipped: ${reason}`);
  const open = run.stepVerdicts.filter((verdict) => verdict.kind === 'fail' || verdict.kind === 'unknown');
  if (open.length === 0) return annotation('error', run.file, 1, title, withLink(`${kind}: ${reason}`, run.id, view));
  return open
    .map((verdict) => annotation('error', run.file, verdict.line, title, withLink(messageOf(verdict), run.id, view)))
    .join('');
}

function messageOf(verdict: StepVerdict): string {
  const refusal = stepWhy(verdict);
  if (refusal !== undefined) return refusal;
  const { device, expected, happened, reason } = verdict;
  const who = device === '' ? '' : `${device}: `;
  return `${who}expected ${expected}, actual ${happened}; ${reason}`;
}

/** Adds the address of the scenario in the report or, if it is unknown, the address of the report. GitHub shows the address as text. */
function withLink(text: string, id: string, { links }: View): string {
  const address = links?.scenario(id) ?? links?.report;
  return address === undefined ? text : `${text} (report: ${address})`;
}

function ending(playback: Playback, view: View): string {
  const troubles = playback.troubles.map((trouble) => `::error title=rehearse::${data(trouble)}\n`);
  const worse = (view.comparison ?? []).filter(({ isRegression }) => isRegression);
  const runs = new Map(playback.played.map(({ run }) => [run.id, run]));
  const regressions = worse.map(({ id, sentence }) => {
    const run = runs.get(id);
    const title = `regression from the baseline${run === undefined ? '' : `: ${titleOf(run)}`}`;
    const line = run === undefined ? 1 : decidingLine(run);
    return annotation('error', run?.file, line, title, withLink(`${id} ${sentence}`, id, view));
  });
  const { acceptCommand, comparison = [] } = view;
  const accept =
    acceptCommand === undefined || comparison.length === 0 ? [] : [`${acceptSentence(oneLine(acceptCommand))}\n`];
  return [...troubles, ...regressions, ...accept, `${sumOf(playback)}\n`].join('');
}

function sumOf({ played }: Playback): string {
  return `${tally(played).pass} of ${played.length} scenarios passed`;
}

/** Returns an annotation, at a line of the file if the file still exists. */
function annotation(
  kind: 'error' | 'warning' | 'notice',
  file: string | undefined,
  line: number,
  title: string,
  text: string,
): string {
  const place = file === undefined ? '' : `file=${property(file)},line=${line},`;
  return `::${kind} ${place}title=${property(oneLine(title))}::${data(oneLine(text))}\n`;
}

/** Escapes the text after the second pair of colons (actions/toolkit, command.ts). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
