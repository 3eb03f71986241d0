import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { command } from '../run-inline.ts';

const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
const starts: readonly (readonly [string, string, readonly string[]])[] = [
  ['npx dps-rehearsal serve', 'npx', ['dps-rehearsal', 'serve', ...ports, '--json']],
  ['npm run lab', 'npm', ['run', '--silent', 'lab']],
  ['npx dps-rehearsal studio', 'npx', ['dps-rehearsal', 'studio', '--json', 'a.yaml']],
];

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test.each(starts)(`after ${signal} to npm, the command %s ends too and frees its port`, async (_, program, words) => {
    const npm = start(program, words);
    const port = await firstPort(npm);
    expect(await isListening(port)).toBe(true);
    npm.kill(signal);
    // The output stream closes when the last process that has it open ends.
    await withinRealTime(outputEnd(npm), 20_000, 'the process that npm started is still there');
    expect(await isListening(port)).toBe(false);
  });
}

test('a lab that an npm script started in the background ends when npm ends', async () => {
  const npm = start('npm', ['run', '--silent', 'background']);
  const port = await firstPort(npm);
  await withinRealTime(
    new Promise((done) => npm.stdout?.on('data', (text: Buffer) => text.includes('script goes on') && done(undefined))),
    20_000,
    'the script did not go on',
  );
  expect(await isListening(port)).toBe(true);
  npm.kill('SIGKILL');
  await expect.poll(() => isListening(port), { timeout: 20_000 }).toBe(false);
});

/** Starts npm or npx in a folder in which the package is installed. */
function start(program: string, words: readonly string[]): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-npm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(dirname(dirname(command)), join(folder, 'node_modules', 'dps-rehearsal'));
  for (const name of ['rehearse', 'dps-rehearsal']) symlinkSync(command, join(folder, 'node_modules', '.bin', name));
  const lab = `rehearse serve ${ports.join(' ')} --json`;
  const scripts = { lab, background: `${lab} & sleep 3; echo script goes on; sleep 60` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'sample', version: '1.0.0', scripts }));
  writeFileSync(
    join(folder, 'a.yaml'),
    'title: A\ndevices: { d: { attestation: symmetric-key } }\ntimeline:\n  - power-on: d\n',
  );
  // Removes the variables of the npm that runs this test, so that rehearse does not take that npm for its parent.
  const npmFree = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const child = spawn(program, words, {
    cwd: folder,
    env: Object.fromEntries(npmFree),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  // Kills the whole process group, so that a failed test leaves no process behind.
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // The process group has ended already.
    }
  });
  return child;
}

async function firstPort(npm: ChildProcess): Promise<number> {
  let said = '';
  const line = new Promise<string>((resolve, reject) => {
    npm.stdout?.on('data', (text: Buffer) => {
      said += String(text);
      if (said.includes('\n')) resolve(said);
    });
    npm.once('close', () => reject(new Error(`it ended with ${said}`)));
  });
  const text = await withinRealTime(line, 30_000, 'nothing was printed');
  const port = /"https":(\d+)|127\.0\.0\.1:(\d+)/.exec(text);
  return Number(port?.[1] ?? port?.[2]);
}

function outputEnd(npm: ChildProcess): Promise<unknown> {
  return new Promise((done) => npm.stdout?.once('close', done));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
