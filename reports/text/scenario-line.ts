import { fleetText } from '../../core/history/fleet-text.ts';
import { mutationResultOf } from '../../core/run/mutation-result.ts';
import type { View } from '../define-report.ts';
import type { Paint } from '../markup/paint.ts';
import { paintOf } from '../markup/paint-of.ts';
import { oneLine } from '../markup/plain-text.ts';
import type { PlayedRun } from '../playback.ts';
import { blastText } from '../sentences/blast-text.ts';
import { displayedTitle } from '../sentences/displayed-title.ts';
import { drillText } from '../sentences/drill-text.ts';
import { flakyText } from '../sentences/flaky-text.ts';
import { lineText } from '../sentences/line-text.ts';
import { runTimeText } from '../sentences/run-time-text.ts';
import { secondsText } from './seconds-text.ts';
import { verdictWords } from './verdict-words.ts';

/** Returns the line of a finished scenario and its warnings, without further findings. */
export function scenarioLine(played: PlayedRun, view: View): string {
  const { run, flaky } = played;
  const paint = paintOf(view);
  const { word, style } = verdictWords[flaky ? 'flaky' : run.verdict.kind];
  const span = `${runTimeText(run)} in ${secondsText(run.wallMs)}`;
  const note = flaky ? paint('yellow', `  ${oneLine(flakyText(played) ?? '')}`) : '';
  const notice = run.sabotage === undefined ? '' : paint('yellow', `  ${mutationWords[mutationResultOf(run)]}`);
  const title = `${paint(style, word)}  ${oneLine(displayedTitle(run))}`;
  return `${title}  ${paint('dim', `${oneLine(run.file)}, ${span}`)}${note}${notice}\n${warningLines(run.warnings, paint)}`;
}

/**
 * Returns the line of a finished scenario, its findings (production lines, blast radius, fleets, drills against stolen credentials,
 * signals) and its warnings.
 */
export function scenarioLines(played: PlayedRun, view: View): string {
  const { run } = played;
  const paint = paintOf(view);
  const findings = [
    ...run.lines.map((line) => lineText(line, run.secrets)),
    ...run.history.flatMap((event) => (event.kind === 'blast-radius' ? [blastText(event)] : [])),
    ...run.history.flatMap((event) => (event.kind === 'fleet' ? [`fleet ${event.device}: ${fleetText(event)}`] : [])),
    ...run.drills.map(drillText),
    ...run.signals.map(({ signal, sentence }) => `signal ${signal}: ${sentence}`),
  ].map((text) => `${indent}${paint('dim', oneLine(text))}\n`);
  const [line] = scenarioLine({ ...played, run: { ...run, warnings: [] } }, view).split('\n');
  return `${line}\n${findings.join('')}${warningLines(run.warnings, paint)}`;
}

/** Returns the lines of warnings, below a scenario or a file. */
export function warningLines(warnings: readonly string[], paint: Paint): string {
  return warnings.map((warning) => `${indent}${paint('yellow', 'warning')}  ${oneLine(warning)}\n`).join('');
}

/** Spaces of the width of a verdict word and the space after it, so that lines below a title are aligned with it. */
const indent = '         ';

const mutationWords: Readonly<Record<ReturnType<typeof mutationResultOf>, string>> = {
  noticed: 'detects the disabled check',
  unnoticed: 'does not detect the disabled check',
  untouched: 'does not depend on the disabled check',
  unknown: 'inconclusive',
};
