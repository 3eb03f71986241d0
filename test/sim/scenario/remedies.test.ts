import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
import { loadLab } from '../../../sim/lab/load.ts';
import { labSchema } from '../../../sim/lab/schema.ts';
import { labWords } from '../../../sim/scenario/mistakes/other-kind.ts';
import { steps } from '../../../sim/steps/index.ts';

function mistakes(text: string): readonly string[] {
  const loaded = loadScenarios('one.yaml', text, { steps, topics: [] });
  return loaded.ok ? [] : loaded.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const head = 'title: T\ndevices: { it: { attestation: symmetricKey } }\n';
const step = 'timeline:\n  - power-on: it\n';
const expectation = '    expect: { refused: enrollment-found }\n';

describe('the message of a mistake says what to do', () => {
  test('for a misspelt property beside a step, and the loader reports this property only once', () => {
    expect(mistakes(`${head}${step}    expct: { assigned: hub-eu }\n`)).toEqual([
      '5:5 unknown word "expct" beside power-on; did you mean "expect"? `rehearse list beside` shows all',
    ]);
    expect(mistakes(`${head}${step}    aftr: P1D\n${expectation}`)).toEqual([
      '5:5 unknown word "aftr" beside power-on; did you mean "after"? `rehearse list beside` shows all',
    ]);
    expect(mistakes(`${head}${step}${expectation}    powr-off: it\n`)).toEqual([
      '6:5 unknown step "powr-off"; did you mean "power-off"? `rehearse list steps` shows all',
    ]);
  });

  test('for a word that is beside its step, or in it instead of beside it', () => {
    const field = (lines: string): readonly string[] =>
      mistakes(`${head}${step}${expectation}  - run-in-field: it\n${lines}`);
    expect(field('    for: P20D\n')).toEqual([
      '7:5 `for` is a word of run-in-field; write `run-in-field: { device: it, for: P20D }`',
    ]);
    expect(field('    expect: { assigned: hub-eu }\n    for: P20D\n')).toEqual([
      '8:5 `for` is a word of run-in-field; write `run-in-field: { device: it, for: P20D }`',
    ]);
    const pki = `${head}pki: { maker-ca: {} }\n`;
    const issue = '  - issue-certificate: { device: it, validity: P1D }\n    from: maker-ca\n';
    expect(mistakes(`${pki}${step}${expectation}${issue}`)).toEqual([
      '8:5 `from` is a word of issue-certificate; write `issue-certificate: { device: it, validity: P1D, from: maker-ca }`',
    ]);
    expect(mistakes(`${head}${step}${expectation}  - run-in-field:\n    device: it\n    for: P20D\n`)).toEqual([
      '7:5 `device` and `for` are words of run-in-field; write `run-in-field: { device: it, for: P20D }`',
    ]);
    const matrix = 'matrix:\n  - { long: P20D }\n  - { long: P30D }\n';
    expect(mistakes(`${head}${step}${expectation}  - run-in-field: it\n    for: \${long}\n${matrix}`)).toEqual([
      '7:5 `for` is a word of run-in-field; write `run-in-field: { device: it, for: … }`',
    ]);
    expect(mistakes(`${head}timeline:\n  - power-on: { device: it, after: P1D }\n${expectation}`)).toEqual([
      '4:29 `after` is not a word of power-on, but belongs beside it; write `after:` on a separate line, with the same indentation as `power-on`',
    ]);
  });

  test('for a lab file, and a lab says the same of a scenario', () => {
    const lab = 'title: L\ncloud: { enrollmentGroups: { all: { symmetricKey: true } } }\n';
    const sentence =
      'this looks like a lab, because it has neither `devices` nor `timeline`; start a lab with `rehearse serve`, or add both words for a scenario';
    expect(mistakes(lab)).toEqual([`1:1 ${sentence}`]);
    expect(mistakes(`${lab}enrollments: { one: { symmetricKey: true } }\n`)).toEqual([`1:1 ${sentence}`]);
    expect(mistakes('title: T\n')).not.toContain(`1:1 ${sentence}`);
    expect(mistakes(`${lab}timline: []\n`)).not.toContain(`1:1 ${sentence}`);
    expect(labWords.toSorted()).toEqual(Object.keys(labSchema.shape).toSorted());
    const wrong = loadLab('one.yaml', `${head}${step}${expectation}`, 0);
    expect(wrong.ok ? [] : wrong.mistakes.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 this looks like a scenario, because it has `timeline`; run a scenario with `rehearse run`, or remove `timeline` for a lab',
    ]);
  });

  test.each([
    ['2026-02-30', 'February 2026 has 28 days; '],
    ['2028-02-30T00:00:00Z', 'February 2028 has 29 days; '],
    ['1900-02-29T00:00:00Z', 'February 1900 has 28 days; '],
    ['2026-04-31T08:00:00Z', 'April 2026 has 30 days; '],
    ['2026-12-32T08:00:00Z', 'December 2026 has 31 days; '],
    ['2026-02-28', ''],
    ['2026-13-05', 'there is no month 13; '],
    ['2026-00-01T00:00:00Z', 'there is no month 00; '],
    ['2026-01-00T00:00:00Z', 'there is no day 00; '],
    ['soon', ''],
  ])('for the invalid start time %s', (start, days) => {
    expect(mistakes(`${head}start: "${start}"\n${step}${expectation}`)).toEqual([
      `3:8 ${days}expected an instant with a time zone, such as 2026-01-05T08:00:00Z, found "${start}"`,
    ]);
  });

  test('for a reference of a kind that the file never defines: it names the section for the definition', () => {
    expect(mistakes(`${head}${step}    at: factory\n${expectation}`)).toEqual([
      '5:9 no station is called "factory"; there is none under `stations`: add "factory" there',
    ]);
    const issue = 'timeline:\n  - issue-certificate: { device: it, from: factory, validity: P1D }\n  - power-on: it\n';
    expect(mistakes(`${head}${issue}${expectation}`)).toContainEqual(
      expect.stringContaining('no CA is called "factory"; there is none under `pki`: add "factory" there'),
    );
    expect(mistakes(`${head}stations: { line: {} }\n${step}    at: office\n${expectation}`)).toEqual([
      '6:9 no station is called "office"; the only one is "line"',
    ]);
    expect(mistakes(`${head}cloud: { hubs: [west, north] }\n${step}    expect: { assigned: hub-eu }\n`)).toEqual([
      '6:25 no hub is called "hub-eu"; the known names are "west" and "north"',
    ]);
  });

  test('for an empty timeline: it says to add a step', () => {
    expect(mistakes(`${head}timeline: []\n`)).toEqual([
      '3:11 the timeline has no step; add one, such as "- power-on: thermostat"',
    ]);
    expect(mistakes(`${head}timeline: soon\n`)).toEqual([
      '3:11 expected a list of steps such as "- power-on: thermostat", found "soon"',
    ]);
  });

  test('for an unknown fidelity switch: it names the command that lists all switches', () => {
    expect(mistakes(`${head}cloud: { fidelity: { qqq: shown } }\n${step}${expectation}`)).toEqual([
      '3:22 unknown fidelity switch "qqq"; `rehearse list fidelity` shows all',
    ]);
    expect(mistakes(`${head}cloud: { fidelity: { disabledEnrolment: error } }\n${step}${expectation}`)).toEqual([
      '3:22 unknown word "disabledEnrolment" in cloud.fidelity; did you mean "disabledEnrollment"?',
    ]);
  });

  test('for thousands of unused matrix values, which are reported up to a limit', () => {
    const words = Array.from({ length: 10 }, (_, at) => `w${at}: 1`).join(', ');
    const told = mistakes(`${head}${step}${expectation}matrix:\n${`  - { ${words} }\n`.repeat(1000)}`);
    expect(told).toHaveLength(1001);
    expect(told.at(-1)).toMatch(/more than 1000 mistakes; the rest of the file is not checked/);
  });
});
