import { expect, test } from 'vitest';
import { mergePlaybacks } from '../../../cli/report/merge-playbacks.ts';
import { failureOf, valueOf } from '../result-of.ts';
import type { Playback } from '../../../reports/playback.ts';
import { playbackOf, played, sampleRun } from '../../reports/sample-playback.ts';

function part(name: string, shard: string, ids: readonly string[], more: Partial<Playback> = {}) {
  const runs = ids.map((id) => played(sampleRun(id, 'pass', 'as expected')));
  return { name, playback: playbackOf(runs, { shard, ...more }) };
}

test('`mergePlaybacks` keeps the order of the scenarios and uses the duration of the longest part (shard)', () => {
  const whole = valueOf(
    mergePlaybacks([
      part('two', '2/3', ['c', 'a'], { wallMs: 50, troubles: ['odd'] }),
      part('one', '1/3', ['b'], { wallMs: 70 }),
      part('three', '3/3', []),
    ]),
  );
  expect(whole.played.map(({ run }) => run.id)).toEqual(['a', 'b', 'c']);
  expect(whole).toMatchObject({ shard: undefined, complete: true, wallMs: 2340, troubles: ['odd'], seed: 's' });
});

test.each([
  ['no parts', [], 'no folders to merge'],
  ['a missing shard', [part('one', '1/3', ['a'])], 'shard 2/3, 3/3 is missing; give the folders of all 3'],
  [
    'shards of different runs',
    [part('one', '1/2', ['a']), part('two', '2/3', ['b'])],
    'the folders are shards of different runs: 1/2, 2/3; name the folders of one run',
  ],
  [
    'overlapping shards',
    [part('one', '1/2', ['a']), part('two', '2/2', ['a'])],
    'a is in one and in two; give each shard once, and only shards of one run',
  ],
  [
    'different seeds',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { seed: 't' })],
    'two has the seed t, one has s; give all shards the same --seed',
  ],
  [
    'different versions',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { versions: { rehearsal: '9.9.9', node: '20' } })],
    'two was made by rehearse 9.9.9, one by 0.1.0; use one version for all shards',
  ],
  [
    'different disabled checks',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { sabotage: 'enrollment-found' })],
    'two and one differ in the check that --sabotage disables; run all shards with the same check',
  ],
  [
    'an incomplete shard',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { complete: false })],
    'the run in two is incomplete; run that shard again',
  ],
])('`mergePlaybacks` refuses %s', (_, parts, sentence) => {
  expect(failureOf(mergePlaybacks(parts))).toBe(sentence);
});
