import { expect, test } from 'vitest';
import type { BlastRadius } from '../../../core/history/events.ts';
import type { Run } from '../../../core/run/run.ts';
import { playText } from '../play.ts';

const scenario = (tries: string, expected: number): string => `
title: A shared key leaks
keys: [one-for-all]
devices:
  sensor: { attestation: symmetricKey, count: 5 }
timeline:
  - enroll: { device: sensor, sharedKey: one-for-all }
  - install-key: { device: sensor, from: shared, sharedKey: one-for-all }
  - package: sensor-1
  - steal-key: { device: sensor-1, as: dump }
  - blast-radius: ${tries}
    expect: { impersonated: ${expected} }
`;

test('the step `blast-radius` also tries invented names and the names of devices that were never built, and DPS refuses the invented names', async () => {
  const [run] = await playText(scenario('{ with: dump, invented: 2 }', 5));
  expect(run?.verdict.kind).toBe('pass');
  expect(radiusOf(run)).toMatchObject({
    candidates: 7,
    tried: expect.arrayContaining(['sensor-5', 'nobody-built-this-2']),
    impersonated: ['sensor-1', 'sensor-2', 'sensor-3', 'sensor-4', 'sensor-5'],
  });
});

test('if there are too many identities, `blast-radius` tries a sample that the seed determines, and records the size of the sample', async () => {
  const tries = '{ with: dump, invented: 0, limit: 2 }';
  const [run] = await playText(scenario(tries, 2), 'one');
  const [again] = await playText(scenario(tries, 2), 'one');
  const radius = radiusOf(run);
  expect(radius?.tried).toHaveLength(2);
  expect(radius?.candidates).toBe(5);
  expect(radiusOf(again)?.tried).toEqual(radius?.tried);
  const told = run?.history.flatMap((event) => (event.kind === 'deed' ? [event.sentence] : [])) ?? [];
  expect(told).toContain('is tried on 2 identities, a sample of 5, and is accepted for 2');
});

test('the step `blast-radius` fails with the actual count of impersonated identities if the expected count is wrong', async () => {
  const [run] = await playText(scenario('dump', 1));
  expect(run?.verdict.kind).toBe('fail');
  expect(run?.stepVerdicts).toMatchObject([{ name: 'blast-radius', reason: 'impersonated: expected 1, actual 5' }]);
});

function radiusOf(run: Run | undefined): BlastRadius | undefined {
  return run?.history.find((event) => event.kind === 'blast-radius');
}
