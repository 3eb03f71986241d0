import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { builtProgram } from '../built-program.ts';

// A lab runs for weeks, so its memory may grow with the number of devices but not with the number of calls.
test.each(['service', 'https'])(
  'the heap does not grow between the 5,000th and the 12,000th registration (the test registers by %s calls)',
  async (way) => {
    const child = await builtProgram(`import './test/mocks/heap-child.ts';`);
    const args = ['--expose-gc', child, way, '5000', '12000'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    const [early = 0, late = 0] = JSON.parse(stdout) as number[];
    expect(early).toBeGreaterThan(1_000_000);
    // One kilobyte for each of the 7000 further registrations would be a leak. The first registrations fill the caches.
    expect((late - early) / 1024 / 1024).toBeLessThan(7);
  },
  150_000,
);
