import { describe, expect, test } from 'vitest';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { fuzz, listeners } from './fuzz.ts';

describe.skipIf(swtpmMissing)('random bytes and invalid messages', () => {
  test('end the connection at each listener, which still serves valid clients', async () => {
    const found = await fuzz('short', Object.fromEntries(listeners.map((listener) => [listener, 60])));
    expect(found).toEqual(
      listeners.map((listener) => ({ listener, shots: 60, hangs: 0, goodClients: 1, refusedGood: 0, faults: [] })),
    );
  });
});
