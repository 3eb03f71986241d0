import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { failedStep, samplePlayback, sampleRun } from './sample-playback.ts';

describe('`run.json`', () => {
  const validate = new Ajv2020().compile(JSON.parse(readFileSync('reports/run.schema.json', 'utf8')));

  test.each(samplePlayback.played)('of $run.id matches its committed schema', ({ run }) => {
    validate(JSON.parse(JSON.stringify(run)));
    expect(validate.errors).toBeNull();
  });

  test.each([
    [
      'an unknown check',
      { ...failedStep('x'), trace: [{ check: 'moon-full', passed: true, expected: '', found: '' }] },
    ],
    ['an unknown verdict', { ...failedStep('x'), kind: 'perhaps' }],
    ['the line number 0', { ...failedStep('x'), line: 0 }],
  ])('with %s does not match its schema', (_what, verdict) => {
    expect(validate({ ...sampleRun('x', 'fail', ''), stepVerdicts: [verdict] })).toBe(false);
  });
});
