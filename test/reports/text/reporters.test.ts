import { describe, expect, test } from 'vitest';
import { Outputs } from '../../../cli/report/outputs.ts';
import { reporterWords } from '../../../cli/report/reporter-words.ts';
import type { View } from '../../../reports/define-report.ts';
import { reports } from '../../../reports/index.ts';
import { displayedTitle } from '../../../reports/sentences/displayed-title.ts';
import type { Playback } from '../../../reports/playback.ts';
import { failedStep, playbackOf, played, samplePlayback, sampleRun, sampleView } from '../sample-playback.ts';

const pass = { title: 'The sensor (the sensor)', variant: 'the sensor', file: 'a.yaml' };
const passing = playbackOf([
  played(sampleRun('a/one', 'pass', 'as expected', pass)),
  played(sampleRun('b/one', 'pass', 'as expected', { file: 'b.yaml', warnings: ['gateway has a software TPM'] })),
  played(sampleRun('a/two', 'pass', 'as expected', { ...pass, variant: 'P90D', title: 'Two' })),
]);

/** Returns the text of a report on stdout for a whole run. */
function textOf(name: string, playback: Playback, view: View = sampleView): string {
  const report = reports.find((one) => one.name === name);
  if (report === undefined) throw new Error(`no report ${name}`);
  const outputs = new Outputs(
    [{ report }],
    view,
    playback.played.map(({ run }) => run),
  );
  return playback.played.map((one) => outputs.onScenario(one)).join('') + outputs.onEnd(playback, undefined);
}

describe('for a passing run, the reporter', () => {
  const sum = '\n3 passed in 2.34 s\nreport  rehearsal-report/report.html\nseed    s  re-run: rehearse run --seed s\n';

  test('`files` prints one line for each file, with counts and warnings', () => {
    expect(textOf('files', passing)).toBe(
      `pass     b.yaml  1 passed in 0.42 s
         warning  gateway has a software TPM
pass     a.yaml  2 passed in 0.84 s
${sum}`,
    );
  });

  test('`list` prints one line for each scenario, repeats no value of the variant, and writes durations in words', () => {
    expect(textOf('list', passing)).toBe(
      `pass     The sensor (the sensor)  a.yaml, 11 months 1 day in 0.42 s
pass     A certificate expires in the warehouse  b.yaml, 11 months 1 day in 0.42 s
         warning  gateway has a software TPM
pass     Two (90 days)  a.yaml, 11 months 1 day in 0.42 s
${sum}`,
    );
  });

  test('`line` prints only scenarios with a warning', () => {
    const text = textOf('line', passing);
    expect(text.split('\n').slice(0, 2)).toEqual([
      'pass     A certificate expires in the warehouse  b.yaml, 11 months 1 day in 0.42 s',
      '         warning  gateway has a software TPM',
    ]);
    expect(text.endsWith(sum)).toBe(true);
  });

  test('`dot` prints a character for each scenario', () => {
    expect(textOf('dot', passing)).toBe(`···\nwarning  b.yaml: gateway has a software TPM\n\n${sum}`);
  });

  test('`quiet` prints warnings and the number of passed scenarios', () => {
    expect(textOf('quiet', passing)).toBe(`warning  b.yaml: gateway has a software TPM\n${sum}`);
  });
});

test.each(['files', 'list', 'line', 'dot', 'quiet', 'terminal'])(
  'the reporter `%s` prints each failure with a plain sentence, its position and its step',
  (name) => {
    const text = textOf(name, samplePlayback);
    expect(text).toContain(
      `FAIL  A certificate expires in the warehouse (validity=90 days)
  thermostat: refused by certificate-valid-now: expired 245 days ago (valid 5 Jan 2026 to 5 Apr 2026; now 6 Dec 2026). Expected assigned: hub-eu

  warehouse/expiry.yaml:31:13  step 3, power-on, thermostat
`,
    );
    expect(text).toContain('skipped  A clone without the TPM\n  swtpm was not found');
    expect(text).toContain('TROUBLE  Error: a worker did not start');
    expect(text).toContain('1 failed, 1 unknown, 1 flaky, 1 skipped in 2.34 s\n');
  },
);

test('the reporter `files` prints the most serious verdict of each file, and prints a failed scenario when the scenario ends', () => {
  const runs = [
    played(sampleRun('a/one', 'fail', failedStep('x').reason, { file: 'a.yaml', stepVerdicts: [failedStep('x')] })),
    played(sampleRun('b', 'skipped', 'no swtpm', { file: 'b.yaml' })),
    played(sampleRun('a/two', 'pass', 'as expected', { file: 'a.yaml' })),
  ];
  expect(textOf('files', playbackOf(runs)).split('\n').slice(0, 4)).toEqual([
    'FAIL     A certificate expires in the warehouse  a.yaml, 11 months 1 day in 0.42 s',
    'skipped  b.yaml  1 skipped in 0.42 s',
    'FAIL     a.yaml  1 failed, 1 passed in 0.84 s',
    '',
  ]);
});

test.each(['files', 'line'])('the reporter `%s` prints each scenario if the run has only one file', (name) => {
  const runs = passing.played.filter(({ run }) => run.file === 'a.yaml');
  expect(textOf(name, playbackOf(runs))).toMatch(
    /^pass {5}The sensor \(the sensor\) {2}a.yaml.*\npass {5}Two .*\n\n2 passed/,
  );
});

test('`displayedTitle` omits the values of the variant that the title already contains', () => {
  const run = sampleRun('a', 'pass', '', {
    title: 'A certificate of P90D waits',
    variant: 'validity=P90D, transport=mqtt',
  });
  expect(displayedTitle(run)).toBe('A certificate of 90 days waits (transport=mqtt)');
});

test('a report prints no command for a re-run if no command can repeat the run', () => {
  expect(textOf('list', passing, { ...sampleView, replayCommand: () => undefined })).toMatch(/\nseed {4}s\n$/);
});

describe('the option `--reporter`', () => {
  test('accepts several reports, each with a file', () => {
    expect(reporterWords('line,junit:out.xml, html')).toEqual([
      { name: 'line' },
      { name: 'junit', file: 'out.xml' },
      { name: 'html' },
    ]);
    expect(reporterWords('json:a:b.json', [{ name: 'dot' }])).toEqual([
      { name: 'dot' },
      { name: 'json', file: 'a:b.json' },
    ]);
  });

  test.each([
    ['line,dot', 'line and dot would both be on stdout, which has one report at most. Give one of them a file'],
    ['list:a.txt,junit:a.txt', 'Two reports have the file a.txt'],
    ['junit:', 'junit: names no file; write junit:FILE.'],
    ['jnit:out.xml', 'did you mean "junit"?'],
    ['', 'Allowed choices are terminal, json, junit'],
  ])('refuses %j', (text, sentence) => {
    expect(() => reporterWords(text)).toThrow(sentence);
  });
});
