import { describe, expect, test } from 'vitest';
import { chapters } from '../../core/run/topic.ts';
import { topics } from '../../cli/files/topics.ts';
import { shipped } from './shipped.ts';

describe('every topic has a passing and a failing variant', () => {
  test.each(topics())('$id', ({ id }) => {
    const own = shipped().filter(({ covers }) => covers.includes(id));
    const ids = (wanted: string): readonly string[] => own.filter(({ shows }) => shows === wanted).map((one) => one.id);
    expect(ids('well'), `no scenario shows ${id} at work`).not.toEqual([]);
    expect(ids('wrong'), `no scenario shows what happens without ${id}`).not.toEqual([]);
  });
});

test('every variant of a scenario has an expected outcome', () => {
  const silent = shipped().filter(({ shows }) => shows === undefined);
  expect(
    silent.map(({ id }) => id),
    'no device is expected to get into service: add shows',
  ).toEqual([]);
});

test('every chapter of the guide has topics', () => {
  expect(new Set(topics().map(({ chapter }) => chapter))).toEqual(new Set(Object.keys(chapters)));
});
