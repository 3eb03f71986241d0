import { expect, test } from 'vitest';
import { mergePlaybacks } from '../../../cli/report/merge-playbacks.ts';
import type { Playback } from '../../../reports/playback.ts';
import { playbackOf, played, sampleRun } from '../../reports/sample-playback.ts';

function part(name: string, shard: string, ids: readonly string[], more: Partial<Playback> = {}) {
  const runs = ids.map((id) => played(sampleRun(id, 'pass', 'as expected')));
  return { name, playback: playbackOf(runs, { shard, ...more }) };
}

test('parts become a whole in the order of its scenarios, which took as long as the longest', () => {
  const whole = mergePlaybacks([
    part('two', '2/3', ['c', 'a'], { wallMs: 50, troubles: ['odd'] }),
    part('one', '1/3', ['b'], { wallMs: 70 }),
    part('three', '3/3', []),
  ]);
  if (typeof whole === 'string') throw new Error(whole);
  expect(whole.played.map(({ run }) => run.id)).toEqual(['a', 'b', 'c']);
  expect(whole).toMatchObject({ shard: undefined, complete: true, wallMs: 2340, troubles: ['odd'], seed: 's' });
});

test.each([
  ['nothing', [], 'there is nothing to merge'],
  ['a missing part', [part('one', '1/3', ['a'])], 'shard 2/3, 3/3 is missing; give the folders of all 3'],
  [
    'parts of different wholes',
    [part('one', '1/2', ['a']), part('two', '2/3', ['b'])],
    'the parts are shards of different wholes: 1/2, 2/3',
  ],
  [
    'an overlap',
    [part('one', '1/2', ['a']), part('two', '2/2', ['a'])],
    'a is in one and in two: the same part twice, or not of one run',
  ],
  [
    'another seed',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { seed: 't' })],
    'two was played with the seed t, one with s; give all shards the same --seed, so that the whole can be played again',
  ],
  [
    'another version',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { versions: { rehearsal: '9.9.9', node: '20' } })],
    'two was played by rehearse 9.9.9, one by 0.1.0',
  ],
  [
    'another sabotage',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { sabotage: 'enrollment-found' })],
    'two and one were not played with the same check switched off',
  ],
  [
    'a part that was stopped',
    [part('one', '1/2', ['a']), part('two', '2/2', ['b'], { complete: false })],
    'the run in two did not come to its end; play that part again',
  ],
])('%s makes no whole', (_, parts, sentence) => {
  expect(mergePlaybacks(parts)).toBe(sentence);
});
