import type { CheckId } from '../core/checks.ts';
import { fleetText } from '../core/history/fleet-text.ts';
import { mutationResultOf } from '../core/run/mutation-result.ts';
import type { VerdictKind } from '../core/run/verdict.ts';
import type { Report, View } from './define-report.ts';
import { failureText } from './sentences/failure-text.ts';
import { flakyText } from './sentences/flaky-text.ts';
import { lineText } from './sentences/line-text.ts';
import { comparisonText } from './baseline/comparison-text.ts';
import { blastText } from './sentences/blast-text.ts';
import { drillText } from './sentences/drill-text.ts';
import { colourPaint, type Paint, plainPaint } from './markup/paint.ts';
import { oneLine, severalLines } from './markup/plain-text.ts';
import type { PlayedRun, Playback } from './playback.ts';
import { secretsText } from './sentences/secrets-text.ts';
import { spokenDuration } from '../core/time/spoken-duration.ts';
import { tally } from './sentences/tally.ts';
import { titleOf } from './sentences/title-of.ts';

/** The report for a terminal: a line for each finished scenario, then the failures, then the summary. */
export const terminalReport: Report = {
  name: 'terminal',
  summary: 'text for a terminal',
  onSabotage: (check, view) => `${sabotageLine(check, paintOf(view))}\n\n`,
  onScenario: scenarioLine,
  onEnd: ending,
};

const words = {
  pass: { word: 'pass   ', style: 'green' },
  fail: { word: 'FAIL   ', style: 'red' },
  unknown: { word: 'UNKNOWN', style: 'magenta' },
  skipped: { word: 'skipped', style: 'yellow' },
  flaky: { word: 'FLAKY  ', style: 'yellow' },
} as const satisfies Record<VerdictKind | 'flaky', { word: string; style: string }>;

function scenarioLine(played: PlayedRun, view: View): string {
  const { run, flaky } = played;
  const paint = paintOf(view);
  const { word, style } = words[flaky ? 'flaky' : run.verdict.kind];
  const span = `${spokenDuration(run.virtualDuration)} in ${seconds(run.wallMs)}`;
  const note = flaky ? paint('yellow', `  ${oneLine(flakyText(played) ?? '')}`) : '';
  const notice = run.sabotage === undefined ? '' : paint('yellow', `  ${mutationWords[mutationResultOf(run)]}`);
  const warnings = run.warnings.map((warning) => `         ${paint('yellow', 'warning')}  ${oneLine(warning)}\n`);
  const lines = run.lines.map((line) => `         ${paint('dim', oneLine(lineText(line, run.secrets)))}\n`);
  const radii = run.history
    .filter((event) => event.kind === 'blast-radius')
    .map((radius) => `         ${paint('dim', oneLine(blastText(radius)))}\n`);
  const drills = run.drills.map((drill) => `         ${paint('dim', oneLine(drillText(drill)))}\n`);
  const found = run.signals.map(
    ({ signal, sentence }) => `         ${paint('dim', oneLine(`signal ${signal}: ${sentence}`))}\n`,
  );
  const fleets = run.history
    .filter((event) => event.kind === 'fleet')
    .map((fleet) => `         ${paint('dim', oneLine(`fleet ${fleet.device}: ${fleetText(fleet)}`))}\n`);
  const title = `${paint(style, word)}  ${oneLine(titleOf(run))}`;
  return `${title}  ${paint('dim', `${oneLine(run.file)}, ${span}`)}${note}${notice}\n${lines.join('')}${radii.join('')}${fleets.join('')}${drills.join('')}${found.join('')}${warnings.join('')}`;
}

function ending(playback: Playback, view: View): string {
  const paint = paintOf(view);
  const blocks = playback.played
    .filter(({ run }) => run.verdict.kind !== 'pass')
    .map((played) => `${block(played, view, paint)}\n\n`);
  const troubles = playback.troubles.map((trouble) => `${paint('red', 'TROUBLE')}  ${severalLines(trouble)}\n\n`);
  return `\n${blocks.join('')}${troubles.join('')}${secretsBlock(playback, paint)}${summary(playback, view, paint)}`;
}

/** Lists stolen and needless secrets, for the scenarios of one file only; results.json has all. */
function secretsBlock({ played }: Playback, paint: Paint): string {
  if (new Set(played.map(({ run }) => run.file)).size !== 1) return '';
  const blocks = played.map(({ run }) => {
    const lines = secretsText(run.secrets).map((line) => `  ${oneLine(line)}\n`);
    return lines.length === 0 ? '' : `${paint('dim', 'secrets')}  ${oneLine(titleOf(run))}\n${lines.join('')}\n`;
  });
  return blocks.join('');
}

function block({ run, runFile, attempts }: PlayedRun, view: View, paint: Paint): string {
  const { word, style } = words[run.verdict.kind];
  const heading = `${paint([style, 'bold'], word.trim())}  ${paint('bold', oneLine(titleOf(run)))}`;
  if (run.verdict.kind === 'skipped') return `${heading}\n${indented(severalLines(run.verdict.reason))}`;
  const whole = runFile === undefined ? [] : [`${paint('dim', 'run.json')}  ${view.reportFolder}/${runFile}`];
  const again = attempts === 0 ? [] : [`${paint('dim', 're-run')}    ${oneLine(view.replayCommand(run))}`];
  return [heading, indented(failureText(run, view, paint)), '', indented([...whole, ...again].join('\n'))]
    .join('\n')
    .trimEnd();
}

function summary(playback: Playback, view: View, paint: Paint): string {
  const sums = tally(playback.played);
  const part = (kind: keyof typeof sums, word: string): string[] =>
    sums[kind] === 0 ? [] : [paint(words[kind].style, `${sums[kind]} ${word}`)];
  const parts = [
    ...part('fail', 'failed'),
    ...part('unknown', 'unknown'),
    ...part('flaky', 'flaky'),
    ...part('skipped', 'skipped'),
    ...part('pass', 'passed'),
  ];
  const shard = playback.shard === undefined ? '' : ` of shard ${playback.shard}`;
  const sum = parts.length === 0 ? 'no scenarios' : parts.join(', ');
  const incomplete = playback.complete ? '' : paint('magenta', '  incomplete: the run was stopped before its end');
  return [
    ...sabotageLines(playback, paint),
    ...(view.comparison === undefined ? [] : [comparisonText(view.comparison, paint)]),
    `${sum}${shard} in ${seconds(playback.wallMs)}${timesEach(playback)}${incomplete}`,
    `${paint('dim', 'report')}  ${view.reportFolder}/${view.page === undefined ? 'results.json' : 'report.html'}`,
    `${paint('dim', 'seed')}    ${oneLine(playback.seed)}  ${paint('dim', 're-run:')} ${oneLine(view.replayCommand())}`,
    '',
  ].join('\n');
}

/**
 * Returns the number of rounds of `--repeat`. If a signal ended the last round, some scenarios have one run less, so the smallest number
 * counts.
 */
function timesEach({ played }: Playback): string {
  const times = played.flatMap(({ repeats }) => repeats?.played ?? []);
  return times.length === 0 ? '' : `, each scenario run ${Math.min(...times)} times`;
}

/** Returns the mutation result before the counts, which would otherwise be mistaken for a normal result. */
function sabotageLines({ sabotage, played }: Playback, paint: Paint): readonly string[] {
  if (sabotage === undefined) return [];
  const idsWith = (wanted: ReturnType<typeof mutationResultOf>): readonly string[] =>
    played.filter(({ run }) => mutationResultOf(run) === wanted).map(({ run }) => run.id);
  const detected = idsWith('noticed');
  const others = [
    `${idsWith('unnoticed').length} did not detect it`,
    `${idsWith('untouched').length} did not reach it`,
    ...(idsWith('unknown').length === 0 ? [] : [`${idsWith('unknown').length} inconclusive`]),
  ].join(', ');
  const sum =
    detected.length === 0
      ? paint('red', 'no scenario detected it')
      : paint('green', `${detected.length} of ${played.length} scenarios detected it`);
  return [sabotageLine(sabotage, paint), `${sum}; ${others}`, ...detected.map((id) => `  ${oneLine(id)}`), ''];
}

function sabotageLine(check: CheckId, paint: Paint): string {
  return `${paint(['yellow', 'bold'], 'MUTATION')}  check ${check} is disabled: results only show which scenarios detect it`;
}

const mutationWords: Readonly<Record<ReturnType<typeof mutationResultOf>, string>> = {
  noticed: 'detects it',
  unnoticed: 'does not detect it',
  untouched: 'does not reach it',
  unknown: 'inconclusive',
};

function paintOf({ colour }: View): Paint {
  return colour ? colourPaint : plainPaint;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
