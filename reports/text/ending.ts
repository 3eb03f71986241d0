import type { View } from '../define-report.ts';
import { comparisonText } from '../baseline/comparison-text.ts';
import type { Paint } from '../markup/paint.ts';
import { paintOf } from '../markup/paint-of.ts';
import { oneLine, severalLines } from '../markup/plain-text.ts';
import type { PlayedRun, Playback } from '../playback.ts';
import { displayedTitle } from '../sentences/displayed-title.ts';
import { failureText } from '../sentences/failure-text.ts';
import { secretsText } from '../sentences/secrets-text.ts';
import { whyText } from '../sentences/why-text.ts';
import { countWords } from './count-words.ts';
import { mutationLines } from './mutation-line.ts';
import { secondsText } from './seconds-text.ts';
import { verdictWords } from './verdict-words.ts';

/** Returns the text after all scenarios: failures, problems outside any scenario, secrets, and the summary. */
export function ending(playback: Playback, view: View): string {
  return `\n${failureBlocks(playback, view)}${secretsBlock(playback, paintOf(view))}${summary(playback, view)}`;
}

/** Returns a block for each scenario that did not pass, and for each problem outside any scenario. Each block ends with an empty line. */
export function failureBlocks(playback: Playback, view: View): string {
  const paint = paintOf(view);
  const open = playback.played.filter(({ run }) => run.verdict.kind !== 'pass');
  const unplayed = open.filter(({ attempts, run }) => attempts === 0 && run.verdict.kind === 'unknown');
  const isLong = unplayed.length > unplayedAtMost;
  const blocks = (isLong ? open.filter((one) => !unplayed.includes(one)) : open)
    .map((played) => `${block(played, view, paint)}\n\n`)
    .concat(
      isLong
        ? [
            `${paint(['magenta', 'bold'], 'UNKNOWN')}  ${unplayed.length} scenarios did not run: the run ended before them\n\n`,
          ]
        : [],
    );
  const troubles = playback.troubles.map((trouble) => `${paint('red', 'TROUBLE')}  ${severalLines(trouble)}\n\n`);
  return `${blocks.join('')}${troubles.join('')}`;
}

/**
 * The text names at most this number of scenarios that did not run. A stopped run may have hundreds of such scenarios; results.json lists
 * all.
 */
const unplayedAtMost = 3;

/** Lists stolen and unneeded secrets. The list is empty if the run has more than one file; results.json has all findings. */
function secretsBlock({ played }: Playback, paint: Paint): string {
  if (new Set(played.map(({ run }) => run.file)).size !== 1) return '';
  const blocks = played.map(({ run }) => {
    const lines = secretsText(run.secrets).map((line) => `  ${oneLine(line)}\n`);
    return lines.length === 0 ? '' : `${paint('dim', 'secrets')}  ${oneLine(displayedTitle(run))}\n${lines.join('')}\n`;
  });
  return blocks.join('');
}

function block({ run, runFile, attempts }: PlayedRun, view: View, paint: Paint): string {
  const { word, style } = verdictWords[run.verdict.kind];
  const heading = `${paint([style, 'bold'], word.trim())}  ${paint('bold', oneLine(displayedTitle(run)))}`;
  if (run.verdict.kind === 'skipped') return `${heading}\n${indented(severalLines(run.verdict.reason))}`;
  // If no expectation failed, the failure text already begins with the reason, so the reason is not repeated.
  const why = whyText(run);
  const sentence = why === run.verdict.reason ? [] : [indented(paint('bold', oneLine(why))), ''];
  const whole = runFile === undefined ? [] : [`${paint('dim', 'run.json')}  ${view.reportFolder}/${runFile}`];
  const again = attempts === 0 ? [] : [`${paint('dim', 're-run')}    ${oneLine(view.replayCommand(run) ?? '')}`];
  return [heading, ...sentence, indented(failureText(run, view, paint)), '', indented([...whole, ...again].join('\n'))]
    .join('\n')
    .trimEnd();
}

/** Returns the counts, the differences from the baseline, the path of the report, and the command that repeats the run. */
export function summary(playback: Playback, view: View): string {
  const paint = paintOf(view);
  const shard = playback.shard === undefined ? '' : ` of shard ${playback.shard}`;
  const sum = countWords(playback.played, paint) || 'no scenarios';
  const incomplete = playback.complete ? '' : paint('magenta', '  incomplete: the run was stopped before its end');
  const again = view.replayCommand();
  const rerun = again === undefined ? '' : `  ${paint('dim', 're-run:')} ${oneLine(again)}`;
  return [
    ...mutationLines(playback, paint),
    ...(view.comparison === undefined ? [] : [comparisonText(view.comparison, paint, view.acceptCommand)]),
    `${sum}${shard} in ${secondsText(playback.wallMs)}${timesEach(playback)}${incomplete}`,
    `${paint('dim', 'report')}  ${view.reportFolder}/${view.page === undefined ? 'results.json' : 'report.html'}`,
    `${paint('dim', 'seed')}    ${oneLine(playback.seed)}${rerun}`,
    '',
  ].join('\n');
}

/**
 * Returns the number of rounds of `--repeat`. If a signal ended the last round, some scenarios have one run less than others, so this
 * function returns the smallest number of runs.
 */
function timesEach({ played }: Playback): string {
  const times = played.flatMap(({ repeats }) => repeats?.played ?? []);
  return times.length === 0 ? '' : `, each scenario run ${Math.min(...times)} times`;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
