import { expect, test } from 'vitest';
import { hsmMissing } from '../sim/key-stores/parts-present.ts';
import { chaos } from './chaos.ts';

test.skipIf(hsmMissing)('killing a helper process changes no verdict, except to inconclusive', async () => {
  const files = ['scenarios/keys/symmetric-key-in-hsm.yaml'];
  const { kills, faults } = await chaos('short', { kills: 1, isWithSurroundings: false, files });
  expect(faults).toEqual([]);
  expect(kills.length).toBeGreaterThan(0);
  for (const { result } of kills) expect(['unaffected', 'inconclusive']).toContain(result);
});
