import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const child = join(import.meta.dirname, 'heap-child.ts');

// A lab runs for weeks, so its memory must depend on the number of devices and not on the number of calls.
test.each(['service', 'https'])(
  '20,000 registrations need no more memory than 2,000: by calls of %s',
  async (way) => {
    const args = ['--expose-gc', '--import', 'tsx', child, way, '2000', '20000'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 120_000 });
    const [early = 0, late = 0] = JSON.parse(stdout) as number[];
    expect(early).toBeGreaterThan(1_000_000);
    expect((late - early) / 1024 / 1024).toBeLessThan(20);
  },
  150_000,
);
