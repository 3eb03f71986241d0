import { describe, expect, test } from 'vitest';
import { missingFor, playProgramFile } from './play-program.ts';

const limitMs = 120_000;

describe('the example programs', () => {
  test.skipIf(missingFor('curl', 'mosquitto_pub').length > 0)(
    'a shell script with curl and mosquitto_pub lives through the expiry of its certificate',
    { timeout: limitMs },
    async () => {
      const run = await playProgramFile('examples/firmware/shell/year.yaml');
      expect(run.verdict).toEqual({ kind: 'pass', reason: 'as expected' });
      expect(run.registrations.map(({ at, outcome, check }) => [at, outcome, check]).slice(0, 3)).toEqual([
        ['2026-01-05T08:00:06.000Z', 'assigned', undefined],
        ['2027-01-05T08:10:06.000Z', 'refused', 'certificate-valid-now'],
        ['2027-01-05T08:10:12.000Z', 'assigned', undefined],
      ]);
    },
  );

  test.skipIf(missingFor('python3').length > 0)(
    'a 32-bit millisecond counter is found on the day after 24.8 days, and a 64-bit one passes',
    { timeout: limitMs },
    async () => {
      const overflow = await playProgramFile('examples/firmware/timer/overflow.yaml');
      expect(overflow.verdict.kind).toBe('fail');
      expect(overflow.registrations.find(({ outcome }) => outcome === 'failed')).toMatchObject({
        at: '2026-01-31T08:00:06.000Z',
        telemetry: 'none',
      });
      expect((await playProgramFile('examples/firmware/timer/fixed.yaml')).verdict.kind).toBe('pass');
    },
  );
});
