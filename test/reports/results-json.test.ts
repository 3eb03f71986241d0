import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { resultsJson, resultsOf } from '../../reports/results-json.ts';
import { resultsShape } from '../../reports/shapes/results-shape.ts';
import { playbackOf, samplePlayback } from './sample-playback.ts';

describe('`results.json`', () => {
  test('has every run with the registrations of its devices', async () => {
    await expect(resultsJson(samplePlayback)).toMatchFileSnapshot('golden/results.json.txt');
  });

  test('matches its committed schema', () => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync('reports/results.schema.json', 'utf8')));
    validate(JSON.parse(resultsJson(samplePlayback)));
    expect(validate.errors).toBeNull();
  });

  test('counts every run exactly once', () => {
    const { total, passed, failed, skipped, unknown, flaky } = resultsOf(samplePlayback).summary;
    expect([total, passed, failed, skipped, unknown, flaky]).toEqual([4, 1, 1, 1, 1, 1]);
  });

  test('matches its schema if no scenario ran', () => {
    expect(resultsShape.parse(resultsOf(playbackOf([], { complete: false })))).toMatchObject({
      complete: false,
      scenarios: [],
    });
  });
});
