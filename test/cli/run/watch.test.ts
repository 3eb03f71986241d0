import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startInline } from '../run-inline.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes, fails, mistaken } = sampleScenarios;

describe('rehearse run --watch', () => {
  test('runs only the scenarios of a saved file again, survives a mistake and a deleted file, and ends by Ctrl-C', async () => {
    const started = startInline({ 'a.yaml': passes, 'b.yaml': passes }, ['run', '.', '--watch']);
    const save = (file: string, text: string): void => writeFileSync(join(started.folder, file), text);
    expect(await started.printed('waiting until')).toContain('2 passed');

    save('a.yaml', fails);
    const failed = await started.printed('1 failed');
    expect(failed.split('waiting until').at(-1)).not.toContain('b.yaml');

    save('b.yaml', mistaken);
    expect(await started.warned('mistakes in 1 file')).toContain('b.yaml');

    save('b.yaml', passes.replace('lets the device in', 'is right again'));
    await started.printed('is right again');

    rmSync(join(started.folder, 'a.yaml'));
    await started.printed('a.yaml is deleted');
    save('c.yaml', passes.replace('lets the device in', 'is in a new file'));
    await started.printed('is in a new file');
    await expect
      .poll(async () => (await started.printed('waiting until')).trimEnd(), { timeout: 30_000 })
      .toMatch(/press Ctrl-C to end$/);

    started.child.kill('SIGINT');
    expect((await started.ended).exitCode).toBe(0);
  });

  test('ends a running scenario by Ctrl-C, with the exit code of an interrupt', async () => {
    const started = startInline({ 'a.yaml': passes, 'b.yaml': sampleScenarios.slow }, ['run', '.', '--watch']);
    await started.printed('pass');
    started.child.kill('SIGINT');
    const { exitCode, results } = await started.ended;
    expect(exitCode).toBe(130);
    expect(results()).toMatchObject({ complete: false });
  });

  test('refuses options that only make sense for a single run', async () => {
    const { ended } = startInline({ 'a.yaml': passes }, ['run', '.', '--watch', '--repeat', '2']);
    expect(await ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('cannot be used with') });
  });
});
