import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import type { Paint } from '../markup/paint.ts';
import { oneLine } from '../markup/plain-text.ts';
import { groupsOf, scoreOf, type Score } from './score.ts';

/** Returns the report of a client for a terminal: each deviation with its evidence, then the score of each group. */
export function conformanceText(report: ConformanceReport, paint: Paint): string {
  const failures = report.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'informative');
  const groups = groupsOf(report);
  const width = Math.max(...groups.map(({ title }) => title.length), 5);
  const lines = groups.map(({ title, score }) => `  ${title.padEnd(width)}  ${scoreText(score, paint)}`);
  const all = scoreOf(report.results);
  return [
    ...failures.map((result) => `${failureText(result, paint)}\n`),
    paint('bold', oneLine(report.client)),
    ...lines,
    `  ${'total'.padEnd(width)}  ${scoreText(all, paint)}`,
    ...(report.without.length === 0 ? [] : [`  capabilities that the client lacks: ${report.without.join(', ')}`]),
    '',
  ].join('\n');
}

function failureText(result: StatementResult, paint: Paint): string {
  const { id, level, statement, source, verdict, expected, actual, world, evidence } = result;
  const word =
    verdict === 'fail' ? paint('red', `${level === 'must' ? 'MUST' : 'SHOULD'} failed`) : paint('dim', 'informative');
  return [
    `${word}  ${id}  ${statement}`,
    `    expected  ${oneLine(expected ?? '')}`,
    `    actual    ${oneLine(actual)}`,
    `    source    ${source}; world ${world ?? ''}`,
    ...evidence.map((line) => paint('dim', `    ${oneLine(line)}`)),
    '',
  ].join('\n');
}

function scoreText(score: Score, paint: Paint): string {
  const { passed, counted, failedMust, failedShould, informative, notExercised, skipped } = score;
  const notes = [
    failedMust > 0 ? paint('red', `${failedMust} must failed`) : '',
    failedShould > 0 ? paint('yellow', `${failedShould} should failed`) : '',
    informative > 0 ? `${informative} informative` : '',
    notExercised > 0 ? `${notExercised} not exercised` : '',
    skipped > 0 ? `${skipped} skipped` : '',
  ].filter((note) => note !== '');
  const share = `${String(passed).padStart(2)} of ${String(counted).padStart(2)} passed`;
  return [failedMust + failedShould === 0 && counted > 0 ? paint('green', share) : share, ...notes].join(', ');
}
