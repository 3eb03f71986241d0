import { expect, test } from 'vitest';
import { explainText } from '../../../reports/text/explain.ts';
import { githubReport } from '../../../reports/ci/github.ts';
import { markdownText } from '../../../reports/markup/markdown-text.ts';
import { markdownReport } from '../../../reports/markdown.ts';
import { plainPaint } from '../../../reports/markup/paint.ts';
import { oneLine } from '../../../reports/markup/plain-text.ts';
import { failedStep, playbackOf, played, samplePlayback, sampleRun, sampleView } from '../sample-playback.ts';

const compared = {
  ...sampleView,
  comparison: [
    { kind: 'gone', isRegression: true, id: 'a#b', sentence: 'was removed' },
    { kind: 'verdict', isRegression: true, id: 'odd', sentence: 'was pass and is unknown' },
    { kind: 'new', isRegression: false, id: 'c', sentence: 'is new' },
  ] as const,
};

test('the GitHub reporter prints annotations', async () => {
  const lines = samplePlayback.played.map((one) => githubReport.onScenario(one, compared));
  await expect(lines.join('') + githubReport.onEnd(samplePlayback, compared)).toMatchFileSnapshot(
    '../golden/github.txt',
  );
  expect(githubReport.onSummary?.(samplePlayback, compared)).toBe(markdownReport.onEnd(samplePlayback, compared));
});

test('each annotation is exactly one workflow command, whatever its title and reason contain', () => {
  const title = 'a,b:c%\n::stop-commands::x';
  const odd = sampleRun('odd', 'fail', 'r', {
    title,
    file: 'dir,one/a:b.yaml',
    stepVerdicts: [failedStep('meter', { reason: 'x\r\n::warning::y %0A', trace: [] })],
  });
  const text = githubReport.onScenario(played(odd), sampleView);
  expect(text.trimEnd().split('\n')).toHaveLength(1);
  expect(text).toMatch(/^::error file=dir%2Cone\/a%3Ab\.yaml,line=\d+,title=a%2Cb%3Ac%25 %3A%3Astop-commands%3A%3Ax::/);
  expect(text).toContain('y %250A');
  const values = { check: 'enrollment-found', passed: false, expected: 'a\n::error::b', found: 'c %0A' } as const;
  const refused = { ...odd, stepVerdicts: [failedStep('meter', { trace: [values] })] };
  const refusal = githubReport.onScenario(played(refused), sampleView);
  expect(refusal.trimEnd().split('\n')).toHaveLength(1);
  expect(refusal).toMatch(/::meter: refused by enrollment-found: .*expected a ::error::b; found c %250A/);
});

test('the Markdown reporter writes a comment for a pull request', async () => {
  await expect(markdownReport.onEnd(samplePlayback, compared)).toMatchFileSnapshot('../golden/markdown.md.txt');
});

test('a pull-request comment starts with the mark `<!-- rehearse: report -->`, and is shorter than the limit of GitHub', () => {
  const long = sampleRun('long', 'fail', `\`\`\`\`${'x'.repeat(9000)}`, { stepVerdicts: [] });
  const text = markdownReport.onEnd(playbackOf(Array.from({ length: 100 }, () => played(long))), sampleView);
  expect(text.startsWith('<!-- rehearse: report -->\n')).toBe(true);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('… and 80 more');
  // The code fence has more backticks than the text inside it.
  expect(text).toContain('`````text');
});

test('a pull-request comment escapes markup and mentions in a title, and shortens the title', () => {
  const title = `<img src=//evil.example/x.png> @octocat #12 </summary> ${'x'.repeat(300)}`;
  const run = sampleRun('hostile', 'fail', 'r', { title, stepVerdicts: [] });
  const text = markdownReport.onEnd(playbackOf([played(run, { flaky: true })]), sampleView);
  const summary = /<summary>(.*)<\/summary>/.exec(text)?.[1] ?? '';
  expect(summary).toContain('fail: &lt;img src=//evil.example/x.png&gt; @\u200Boctocat #\u200B12 &lt;/summary&gt; x');
  expect(summary).not.toMatch(/[<>]|@\w|#\d(?!\d;)/);
  expect(summary.length).toBeLessThan(400);
  const outside = text.replaceAll(/```[\s\S]*?```|<summary>.*<\/summary>/g, '');
  expect(outside).not.toMatch(/(?<!\\)<img|@\w|https?:\/\//);
});

test('a comparison of any length is shortened to fit into a pull-request comment', () => {
  const comparison = Array.from({ length: 5000 }, (_, at) => ({ ...compared.comparison[0], id: `scenario-${at}` }));
  const text = markdownReport.onEnd(samplePlayback, { ...sampleView, comparison });
  expect(text.length).toBeLessThan(65_536);
  expect(text).toContain('results.json has everything');
});

test.each([
  ['blanks in a title', () => oneLine(' '.repeat(200_000))],
  ['blanks in a text for Markdown', () => markdownText(`*${' '.repeat(200_000)}x`)],
])('formatting %s takes linear time', (_, work) => {
  // If formatting took quadratic time, it would take minutes and exceed the time limit of this test.
  expect(typeof work()).toBe('string');
});

test('`explainText` describes a run in sentences', async () => {
  const at = Date.UTC(2026, 0, 5, 8);
  const later = Date.UTC(2026, 11, 6, 8);
  const run = sampleRun('leaf', 'pass', 'as expected', {
    story: 'Certificates are installed, and the pallet leaves eleven months later.',
    teaches: 'Validity has to cover the warehouse.',
    stepVerdicts: [failedStep('meter', { kind: 'pass', step: 1, expected: 'refused: certificate-valid-now' })],
    history: [
      { at, kind: 'step-started', step: 0, name: 'issue-certificate', line: 22 },
      {
        at,
        kind: 'deed',
        party: 'manufacturer',
        station: 'line',
        subject: 'meter',
        sentence: 'a certificate is installed',
      },
      { at, kind: 'step-ended', step: 0 },
      { at, kind: 'time-jumped', from: at, to: later },
      { at: later, kind: 'step-started', step: 1, name: 'power-on', line: 25 },
      {
        at: later,
        kind: 'attempt-started',
        device: 'meter',
        registrationId: 'meter-1',
        attestation: 'x509',
        transport: 'mqtt',
      },
      {
        at: later,
        kind: 'decision',
        judge: 'dps',
        subject: 'meter-1',
        about: 'registration',
        checks: [
          { check: 'id-scope-known', passed: true, expected: 'x', found: 'x' },
          {
            check: 'certificate-valid-now',
            passed: false,
            expected: 'an instant before\u001B April',
            found: 'December',
          },
        ],
      },
    ],
  });
  const text = explainText(run, plainPaint);
  await expect(text).toMatchFileSnapshot('../golden/explain.txt');
  expect(text).not.toMatch(/(?!\n)\p{Cc}/u);
});
