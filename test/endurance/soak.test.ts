import { expect, test } from 'vitest';
import { soak } from './soak.ts';

test('the soak test gets the right answer to each registration over three protocols, and leaves no descriptor open', async () => {
  const { wrong, wrongCount, refused, uses } = await soak([150, 300]);
  expect({ wrong, wrongCount, refused }).toEqual({ wrong: [], wrongCount: 0, refused: 30 });
  const [early, late] = uses;
  expect(late?.heapMb).toBeLessThan((early?.heapMb ?? 0) + 20);
  expect(Math.abs((late?.descriptors ?? 0) - (early?.descriptors ?? 0))).toBeLessThanOrEqual(8);
});
