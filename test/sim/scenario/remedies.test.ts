import { describe, expect, test } from 'vitest';
import { loadScenarios } from '../../../sim/scenario/load.ts';
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

  test.each([
    ['2026-02-30', 'February 2026 has 28 days; '],
    ['2028-02-30T00:00:00Z', 'February 2028 has 29 days; '],
    ['1900-02-29T00:00:00Z', 'February 1900 has 28 days; '],
    ['2026-04-31T08:00:00Z', 'April 2026 has 30 days; '],
    ['2026-12-32T08:00:00Z', 'December 2026 has 31 days; '],
    ['2026-02-28', ''],
    ['2026-13-01T00:00:00Z', ''],
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
      '6:9 no station is called "office"',
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
