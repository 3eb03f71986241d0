import { describe, expect, it } from 'vitest';
import { failureText } from '../../reports/sentences/failure-text.ts';
import { failedStep, sampleRun, sampleView } from './sample-playback.ts';

const passedChecks = failedStep('').trace.filter(({ passed }) => passed);
const lists = 'decided by these checks';

function textOf(more: Parameters<typeof failedStep>[1]): string {
  const verdict = failedStep('pump', more);
  const run = sampleRun('a', 'fail', verdict.reason, { stepVerdicts: [verdict] });
  return failureText(run, sampleView, (_style, text) => text);
}

describe('the list of the checks that decided a result', () => {
  it('is present if a check failed', () => {
    expect(textOf({})).toContain(lists);
  });

  it('is present if the author expected a refusal and all checks passed', () => {
    const refused = { word: 'refused', expected: true, passed: false } as const;
    const more = {
      trace: passedChecks,
      expected: 'refused: true',
      happened: 'assigned to hub-eu',
      assertions: [refused],
    };
    expect(textOf(more)).toContain(lists);
  });

  it('is absent if all checks passed and the attempt failed', () => {
    const more = { trace: passedChecks, happened: 'failed: its program runs, but no hub has accepted its telemetry' };
    expect(textOf(more)).not.toContain(lists);
    expect(textOf({ ...more, assertions: [{ word: 'refused', expected: true, passed: false }] })).not.toContain(lists);
  });

  it('is absent if all checks passed and only another word differs, such as the time of the attempt', () => {
    const within = { word: 'within', expected: 'PT5S', actual: 'PT6S', passed: false } as const;
    const more = { trace: passedChecks, happened: 'assigned to hub-eu', assertions: [within] };
    expect(textOf(more)).not.toContain(lists);
  });
});
