import { execFileSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { startTool, type ToolSettings } from '../../../sim/processes/start-tool.ts';

const missing = { part: 'node', remedy: 'install Node' };

/** Runs the text of a Node program, and connects the named streams of the program to the test. */
function node(program: string, streams: ToolSettings['streams'], environment: Readonly<Record<string, string>> = {}) {
  return startTool({ program: process.execPath, words: ['--eval', program], streams, environment, missing });
}

/** Waits with a time limit. @throws Error if the promise has not settled in time. */
function soon<T>(wanted: Promise<T>): Promise<T> {
  return withinRealTime(wanted, 20_000, 'it did not come');
}

test('the promise `closed` of `startTool` resolves after the last byte of stdout and stderr', async () => {
  const tool = await node(
    `process.stdout.write('a'.repeat(3_000_000)); process.stderr.write(process.env.GREETING); process.exitCode = 7`,
    ['stdout', 'stderr'],
    { GREETING: 'hello' },
  );
  let [printed, said] = [0, ''];
  tool.stdout.on('data', (part: Buffer) => (printed += part.length));
  tool.stderr.on('data', (part: Buffer) => (said += part.toString()));
  expect(await soon(tool.closed)).toEqual({ code: 7, signal: null });
  expect([printed, said]).toEqual([3_000_000, 'hello']);
});

test('`startTool` delivers the output of a program that ended before its streams were read', async () => {
  const started = node(`console.log('gone already')`, ['stdout']);
  // Blocks this process for a second, so that the messages about start, output and end of the program arrive together.
  execFileSync(process.execPath, ['--eval', 'setTimeout(() => {}, 1000)']);
  const tool = await soon(started);
  const printed = text(tool.stdout);
  await soon(tool.closed);
  expect(await soon(printed)).toBe('gone already\n');
});

test('`startTool` delivers bytes and the end of stdin and of descriptor 3 to the program', async () => {
  const tool = await node(
    `process.stdin.pipe(process.stdout);
     const channel = new (require('node:net').Socket)({ fd: 3 });
     channel.on('data', (part) => channel.write(String(part).toUpperCase())).on('end', () => channel.end());`,
    ['stdin', 'stdout', 'channel'],
  );
  const answer = new Promise<string>((done) => tool.channel.once('data', (part) => done(String(part))));
  tool.channel.write('over descriptor 3');
  expect(await soon(answer)).toBe('OVER DESCRIPTOR 3');
  tool.stdin.end('over standard input');
  tool.channel.destroy();
  expect(await soon(text(tool.stdout))).toBe('over standard input');
  expect(await soon(tool.closed)).toEqual({ code: 0, signal: null });
});

test('a program ends even if its output is never read, and a killed program has no exit code', async () => {
  expect(await soon((await node(`console.log('unheard')`, ['stdout'])).closed)).toMatchObject({ code: 0 });
  const endless = await node('setInterval(() => {}, 1000)', []);
  endless.kill();
  expect(await soon(endless.closed)).toEqual({ code: null, signal: 'SIGKILL' });
  // Writing to a program that has ended has no effect.
  endless.kill();
});

test('`startTool` rejects with `PartMissing` for a missing program, and with a sentence for a file that is not executable', async () => {
  const start = (program: string) =>
    startTool({ program, words: [], streams: [], missing: { part: 'swtpm', remedy: 'apt-get install swtpm' } });
  await expect(start('no-such-program')).rejects.toThrow('swtpm is not installed; run: apt-get install swtpm');
  await expect(start(import.meta.dirname)).rejects.toThrow(/EACCES/);
});

test('if the process that starts the programs is killed, their streams end, and a new process starts the next program', async () => {
  const tool = await node('console.log(process.ppid); process.stdin.resume()', ['stdin', 'stdout']);
  const [said] = await soon(new Promise<[Buffer]>((done) => tool.stdout.once('data', (part) => done([part]))));
  process.kill(Number(said.toString()), 'SIGKILL');
  expect(await soon(tool.closed)).toEqual({ code: null, signal: null });
  expect(await soon((await node('', [])).closed)).toMatchObject({ code: 0 });
});
