import { expect, test } from 'vitest';
import { missingFor, playScript, sentencesOf } from './play-program.ts';

test.skipIf(missingFor('perl').length > 0)(
  'a program that never sleeps is killed after its limit, and the simulation goes on',
  async () => {
    const run = await playScript(
      `exec perl -e '1 while 1'`,
      '  - power-on: meter\n    expect: { telemetry: none }\n  - package: meter\n    after: P1D\n',
      { busyLimitMs: 4000 },
    );
    expect(sentencesOf(run)).toContain('its program worked for 4 s without a sleep, so the run killed it');
    expect(run.verdict.kind).toBe('pass');
    expect(run.virtualDuration).toMatch(/^P1D/);
  },
  120_000,
);
