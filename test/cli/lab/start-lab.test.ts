import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { startLab } from '../../../cli/library.ts';
import { registerByKey } from '../serve/lab-process.ts';

const lab = { cloud: { assignment: 'PT0S', enrollmentGroups: { devices: { symmetricKey: true } } } };

describe('`startLab`', () => {
  test('starts several labs at once, each with its own ports, clock and keys', async () => {
    await using one = await startLab({ lab });
    await using other = await startLab({ lab: 'cloud: { idScope: 0ne00000001 }' });
    expect(new Set([...Object.values(one.ports), ...Object.values(other.ports)]).size).toBe(6);
    expect([one.idScope, other.idScope]).toEqual(['0ne00C0FFEE', '0ne00000001']);
    const before = Date.parse(await one.now());
    expect(Date.parse(await one.advance('P11M'))).toBeGreaterThan(before + 300 * 86_400_000);
    expect(Date.parse(await other.now())).toBeLessThan(before + 86_400_000);
    expect(one.keys.firstDevice?.key).toMatch(/^[\w+/]{43}=$/);
    expect(other.keys.firstDevice).toBeNull();
  });

  test('returns a lab that can inject faults, wait for an event, and list decisions', async () => {
    await using running = await startLab({ lab });
    const id = await running.orderFault({ answer: 429, retryAfter: 20, count: 1 });
    const ready = { ...running, ca: running.trust.file } as unknown as Parameters<typeof registerByKey>[0];
    const seen = running.waitFor(({ kind, judge }) => kind === 'decision' && judge === 'dps');
    const { registrationId = '', key = '' } = running.keys.firstDevice ?? {};
    expect((await registerByKey(ready, registrationId, Buffer.from(key, 'base64'))).status).toBe(429);
    expect((await registerByKey(ready, registrationId, Buffer.from('wrong'))).status).toBe(401);
    expect(await seen).toMatchObject({ subject: registrationId });
    expect((await running.decisions(registrationId)).at(-1)?.failed).toBe('token-signature-matches');
    await running.removeFaults(id);
    await expect(running.removeFaults(id)).rejects.toThrow(`no fault has the ID "${id}"`);
    await expect(running.waitFor(() => false, { timeoutMs: 100 })).rejects.toThrow(
      'within 100 ms the lab recorded no event for which isWanted returns true',
    );
  });

  test('returns a lab that answers even after the test process was blocked for six seconds', async () => {
    await using running = await startLab({ lab });
    await running.now();
    spawnSync('sleep', ['6']);
    expect(await running.now()).toMatch(/^20/);
  });

  test('rejects a lab with mistakes, contradictory options, and a start that takes too long', async () => {
    await expect(startLab({ lab: { clod: {} } })).rejects.toThrow(/the lab:1:\d+ .*"clod"[^]*did you mean "cloud"/);
    await expect(startLab({ startTimeoutMs: 1 })).rejects.toThrow('it was not ready after 1 ms');
    await expect(startLab({ lab, file: 'lab.yaml' })).rejects.toThrow('both file and lab');
  });

  test('ends the lab with the process that started it, even if that process is killed', async () => {
    const program = `import { startLab } from './cli/library.ts'; console.log((await startLab()).page); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [page] = (await once(child.stdout, 'data')) as [Buffer];
    const url = page.toString().trim();
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGKILL');
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => 'up',
            () => 'down',
          ),
        { timeout: 20_000 },
      )
      .toBe('down');
  });
});
