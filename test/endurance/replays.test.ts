import { expect, test } from 'vitest';
import { Random } from '../../core/random.ts';
import { drawSurroundings, faketimeMissing, plainSurroundings, replays } from './replays.ts';

test('order of scenarios, locale, time zone, clock and number of workers do not change a history', async () => {
  const clock = faketimeMissing === undefined ? '+23y' : '';
  const other = { ...plainSurroundings, workers: 2, locale: 'tr_TR.UTF-8', timeZone: 'Pacific/Kiritimati', clock };
  const files = ['scenarios/attestation/derived-group-key.yaml', 'scenarios/field/service-has-a-bad-minute.yaml'];
  const { histories, differences, faults } = await replays('short', [other], { files, atOnce: 2 });
  expect({ histories, differences, faults }).toEqual({ histories: 9, differences: 0, faults: [] });
});

test('`drawSurroundings` gives equal results for equal seeds, and gives every value within 100 draws', () => {
  const draws = (): readonly object[] => {
    const random = new Random('draws');
    return Array.from({ length: 100 }, () => drawSurroundings(random));
  };
  expect(draws()).toEqual(draws());
  const values = (name: string): number => new Set(draws().map((one) => Reflect.get(one, name))).size;
  expect(['workers', 'busyLoops', 'locale', 'timeZone'].map(values)).toEqual([3, 3, 4, 4]);
});
