import type { CheckResult } from '../../core/history/decision.ts';
import type { Run, StepVerdict } from '../../core/run/run.ts';
import type { View } from '../define-report.ts';
import type { Paint } from '../markup/paint.ts';
import { oneLine, severalLines } from '../markup/plain-text.ts';
import { failedChecks } from './failed-checks.ts';

/**
 * Explains why a run did not pass. For each failed expectation, the text has its position with a code frame, and the expected and the
 * actual result with their difference. It also lists the checks of the deciding decision. The last line has no line break.
 */
export function failureText(run: Run, view: View, paint: Paint): string {
  const open = run.stepVerdicts.filter(({ kind }) => kind === 'fail' || kind === 'unknown');
  const blocks = byStep(open).flatMap((siblings) => {
    const shown = siblings.slice(0, shownPerStep).map((verdict) => expectationBlock(run, verdict, view, paint));
    const rest = siblings.length - shown.length;
    return rest === 0 ? shown : [...shown, `… and ${rest} more devices in this step; run.json has them all`];
  });
  // The reason of a run is usually the reason of one of its expectations. Any other reason, for example that the run was stopped, is the
  // first block.
  if (!open.some(({ reason }) => reason === run.verdict.reason)) blocks.unshift(severalLines(run.verdict.reason));
  return blocks.join('\n\n');
}

/** Maximum number of failed devices that the text shows for a step. A fleet may have thousands of failed devices. */
const shownPerStep = 3;

function byStep(verdicts: readonly StepVerdict[]): readonly (readonly StepVerdict[])[] {
  const steps = [...new Set(verdicts.map(({ step }) => step))];
  return steps.map((step) => verdicts.filter((verdict) => verdict.step === step));
}

function expectationBlock(run: Run, verdict: StepVerdict, view: View, paint: Paint): string {
  const { line, column } = verdict;
  const device = verdict.device === '' ? '' : `, ${oneLine(verdict.device)}`;
  const frame = severalLines(view.codeFrame(run.file, line, column));
  return [
    paint(
      'bold',
      `${oneLine(run.file)}:${line}:${column}  step ${verdict.step + 1}, ${oneLine(verdict.name)}${device}`,
    ),
    ...(frame === '' ? [] : [frame, '']),
    `${paint('dim', 'expected  ')}  ${paint('green', oneLine(verdict.expected))}`,
    `${paint('dim', 'actual    ')}  ${paint('red', oneLine(verdict.happened))}`,
    `${paint('dim', 'difference')}  ${oneLine(verdict.reason)}`,
    ...(isDecided(verdict) ? traceLines(verdict.trace, paint) : []),
  ].join('\n');
}

/**
 * Returns true if the checks explain the result: a check failed, or the service accepted what the author expected to be refused. Passed
 * checks explain neither a failed attempt nor another difference such as the time of an attempt.
 */
function isDecided({ trace, happened, assertions }: StepVerdict): boolean {
  if (trace.some(({ passed }) => !passed)) return true;
  const expectsRefusal = assertions?.some(({ word, passed }) => word === 'refused' && !passed) ?? true;
  return expectsRefusal && !happened.startsWith('failed');
}

/** Lists the checks in order. Explains the first failed check with the values that it compared. */
function traceLines(trace: readonly CheckResult[], paint: Paint): string[] {
  if (trace.length === 0) return [];
  const decisive = trace.findIndex(({ passed }) => !passed);
  const rows = trace.flatMap((result, index) => {
    if (result.passed) return [`  ${paint('green', '✓')} ${result.check}`];
    const row = `  ${paint('red', '✗')} ${paint('bold', result.check)}`;
    if (index !== decisive) return [row];
    return [
      `${row}: ${failedChecks[result.check]}`,
      `      expected ${oneLine(result.expected)}`,
      `      found    ${oneLine(result.found)}`,
    ];
  });
  return [paint('dim', 'decided by these checks, in this order'), ...rows];
}
