import { describe, expect, test } from 'vitest';
import { terminalReport } from '../../reports/terminal.ts';
import { failedStep, playbackOf, played, samplePlayback, sampleRun, sampleView } from './sample-playback.ts';

describe('the terminal report', () => {
  test('formats each verdict', async () => {
    const lines = samplePlayback.played.map((one) => terminalReport.onScenario(one, sampleView));
    const text = lines.join('') + terminalReport.onEnd(samplePlayback, sampleView);
    await expect(text).toMatchFileSnapshot('golden/terminal.txt');
  });

  test('prints no control character of a title or a reason', () => {
    const odd = samplePlayback.played.slice(3);
    for (const one of odd) {
      expect(terminalReport.onScenario(one, sampleView).trimEnd()).not.toMatch(/[\p{Cc}\u202E]/u);
    }
    expect(terminalReport.onEnd(playbackOf(odd), sampleView)).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
  });

  test('uses colours only if requested', () => {
    const [first] = samplePlayback.played;
    if (first === undefined) throw new Error('the sample has no runs');
    const steady = { ...first, flaky: false };
    expect(terminalReport.onScenario(first, { ...sampleView, colour: true })).toContain('\u001B[33mFLAKY');
    expect(terminalReport.onScenario(steady, { ...sampleView, colour: true })).toContain('\u001B[32mpass');
    expect(terminalReport.onScenario(first, sampleView)).not.toContain('\u001B');
  });

  test('prints warnings for every verdict', () => {
    const warned = played(sampleRun('soft', 'pass', 'as expected', { warnings: ['gateway\u001B has a software TPM'] }));
    const [, second] = terminalReport.onScenario(warned, sampleView).split('\n');
    expect(second).toMatch(/^ +warning {2}gateway.* has a software TPM$/);
    expect(second).not.toContain('\u001B');
  });

  test('lists only the first few devices of a fleet', () => {
    const stepVerdicts = Array.from({ length: 1000 }, (_, index) => failedStep(`meter-${index + 1}`));
    const fleet = sampleRun('fleet', 'fail', 'assigned: expected hub-eu, actual refused by certificate-valid-now', {
      stepVerdicts,
    });
    const text = terminalReport.onEnd(playbackOf([played(fleet)]), sampleView);
    expect(text).toContain('meter-3');
    expect(text).not.toContain('meter-4');
    expect(text).toContain('… and 997 more devices in this step');
  });

  test('prints the reason of a run that stopped before the first verdict', () => {
    const stopped = sampleRun('stopped', 'fail', 'x.yaml:9:5 enroll: the key was not extracted');
    expect(terminalReport.onEnd(playbackOf([played(stopped)]), sampleView)).toContain('the key was not extracted');
  });

  test.each([
    [{ complete: false }, 'incomplete'],
    [{ shard: '2/3' }, 'of shard 2/3'],
    [{ played: [] }, 'no scenarios'],
  ])('has a summary line for a run with %o', (more, words) => {
    expect(terminalReport.onEnd(playbackOf(samplePlayback.played, more), sampleView)).toContain(words);
  });
});
