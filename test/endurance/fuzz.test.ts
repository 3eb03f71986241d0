import { describe, expect, test } from 'vitest';
import { swtpmMissing } from '../sim/swtpm-present.ts';
import { fuzz, listeners } from './fuzz.ts';

describe.skipIf(swtpmMissing)('bytes that are noise, or nearly messages', () => {
  test('end with the connection at each listener, and good clients are served', async () => {
    const found = await fuzz('short', Object.fromEntries(listeners.map((listener) => [listener, 60])));
    expect(found).toEqual(
      listeners.map((listener) => ({ listener, shots: 60, hangs: 0, goodClients: 1, refusedGood: 0, faults: [] })),
    );
  });
});
