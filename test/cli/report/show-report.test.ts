import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sampleScenarios } from '../sample-scenarios.ts';
import { command, runIn, runInline, startAgainIn } from '../run-inline.ts';
import { runWarm } from '../warm/warm-command.ts';

const { passes, fails } = sampleScenarios;
const page = 'rehearsal-report/report.html';

/** Runs the command in a terminal with a display, in which `xdg-open` is a program that records what it opens. */
function inTerminal(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Seen {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    join(bin, 'xdg-open'),
    `#!/bin/sh\necho "$1" > "${folder}/draft" && mv "${folder}/draft" "${folder}/opened"\n`,
  );
  chmodSync(join(bin, 'xdg-open'), 0o755);
  rmSync(join(folder, 'opened'), { force: true });
  const words = [process.execPath, command, ...args].map((word) => `'${word}'`).join(' ');
  const ended = spawnSync('script', ['-qec', words, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}`, HOME: folder, DISPLAY: ':0', ...env },
    timeout: 60_000,
  });
  return { exitCode: ended.status, text: ended.stdout, opened: join(folder, 'opened') };
}

interface Seen {
  readonly exitCode: number | null;
  readonly text: string;
  /** Path of the file that records what the browser would show. */
  readonly opened: string;
}

/** The program that opens the browser can end later than the command, so this function waits for its file. */
async function openedBy({ opened }: Seen): Promise<string> {
  await vi.waitFor(() => expect(existsSync(opened)).toBe(true), { timeout: 10_000 });
  return readFileSync(opened, 'utf8').trim();
}

const isLinux = process.platform === 'linux';

describe('rehearse show-report', () => {
  test('refuses a file that is not a page', async () => {
    const { exitCode, stderr } = await runWarm({ 'a.yaml': passes }, ['show-report', 'a.yaml']);
    expect([exitCode, stderr]).toEqual([
      2,
      'error: a.yaml is not a page (*.html); name a report folder or its report.html\n',
    ]);
  });

  test('without a terminal prints path and address, and the reason why no browser opened', async () => {
    const { folder } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml']);
    const { exitCode, stdout, stderr } = await runIn(folder, ['show-report']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const path = join(realpathSync(folder), page);
    expect(stdout.replaceAll(path, 'PATH').replace(/because .*\. Open/, 'because WHY. Open')).toBe(
      'report   PATH\naddress  file://PATH\nNo browser was opened, because WHY. Open the address in a browser, or serve the page on this computer: npx dps-rehearsal show-report rehearsal-report --port 8080\n',
    );
    expect(existsSync(join(folder, page))).toBe(true);
  });

  test.skipIf(!isLinux)('in a terminal opens the page in the browser', async () => {
    const { folder } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml']);
    const seen = inTerminal(folder, ['show-report']);
    expect(seen.text).toContain('The default browser opens the report.');
    expect(await openedBy(seen)).toBe(join(realpathSync(folder), page));
    expect(seen.exitCode).toBe(0);
  });

  test('exits with 2 if there is no report, and prints how to make a report', async () => {
    const { exitCode, stderr } = await runInline({}, ['show-report', 'part 1']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("make one with: npx dps-rehearsal run --report-dir 'part 1'");
  });

  test('with --port serves the page to this computer until a signal ends it', async () => {
    const { folder } = await runWarm({ 'a.yaml': passes }, ['run', 'a.yaml']);
    const started = startAgainIn(folder, ['show-report', '--port', '0']);
    const address = /http:\S+/.exec(await started.printed('Ctrl-C'))?.[0] ?? '';
    const answer = await fetch(address);
    expect(await answer.text()).toBe(readFileSync(join(folder, page), 'utf8'));
    expect((await fetch(`${address}runs/`)).status).toBe(404);
    // A page of another origin reaches this server by a name that resolves to 127.0.0.1 (DNS rebinding).
    const status = await new Promise((resolve) => {
      request(address, { headers: { host: 'attacker.example' } }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(403);
    started.child.kill('SIGINT');
    expect((await started.ended).exitCode).toBe(0);
  });
});

describe.skipIf(!isLinux)('rehearse run --open in a terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-open-'));
  beforeAll(() => {
    writeFileSync(join(folder, 'a.yaml'), passes);
    writeFileSync(join(folder, 'b.yaml'), fails);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['a passing run, without a value', ['--open'], 'a.yaml', 0, true],
    ['a failed run, on-failure', ['--open', 'on-failure'], 'b.yaml', 1, true],
    ['a passing run, on-failure', ['--open', 'on-failure'], 'a.yaml', 0, false],
    ['a failed run, never', ['--open', 'never'], 'b.yaml', 1, false],
  ])('opens the page only if the value of --open requires it: %s', async (_, options, file, exitCode, isOpened) => {
    const seen = inTerminal(folder, ['run', file, ...options]);
    expect(seen.exitCode).toBe(exitCode);
    if (isOpened) expect(await openedBy(seen)).toBe(join(realpathSync(folder), page));
    else expect(existsSync(seen.opened)).toBe(false);
  });

  test('opens nothing in CI', () => {
    const seen = inTerminal(folder, ['run', 'a.yaml', '--open'], { CI: 'true' });
    expect(seen.text).toContain('was not opened, because this is a CI job');
    expect(existsSync(seen.opened)).toBe(false);
  });

  test('opens nothing without a terminal, and keeps the exit code', async () => {
    const { exitCode, stderr } = await runIn(folder, ['run', 'b.yaml', '--open', 'on-failure'], {
      CI: '',
      DISPLAY: ':0',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('report.html was not opened, because stdout is not a terminal');
  });
});
