import { expect, test } from 'vitest';
import { exposedSecrets } from '../../../cli/studio/exposed-secrets.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';

function held(party: 'device' | 'manufacturer' | 'attacker', place: string, at: number): HistoryEvent {
  return { kind: 'secret', secret: 'shared key fleet', sort: 'symmetric-key', party, place, change: 'held', at };
}

test('`exposedSecrets` lists a shared key once, even if many devices have a copy', () => {
  const sensors = Array.from({ length: 6 }, (_, index) => held('device', `sensor-${index + 1}`, index));
  const [line, ...more] = exposedSecrets([...sensors, held('attacker', 'loot flash-dump', 9)]);
  expect(more).toEqual([]);
  expect(line).toBe('shared key fleet: shared with another device at sensor-2 and 4 more; stolen at loot flash-dump');
});

test('`exposedSecrets` does not list a key that only its device has', () => {
  expect(exposedSecrets([held('device', 'sensor-1', 0)])).toEqual([]);
});
