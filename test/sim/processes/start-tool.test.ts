import { execFileSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { withinRealTime } from '../../../core/time/clock.ts';
import { startTool, type ToolSettings } from '../../../sim/processes/start-tool.ts';

const missing = { part: 'node', remedy: 'install Node' };

/** Runs a program of Node's with these streams to us. */
function node(program: string, streams: ToolSettings['streams'], environment: Readonly<Record<string, string>> = {}) {
  return startTool({ program: process.execPath, words: ['--eval', program], streams, environment, missing });
}

/** @throws Error where it has not ended in good time. */
function soon<T>(wanted: Promise<T>): Promise<T> {
  return withinRealTime(wanted, 20_000, 'it did not come');
}

test('what a program says on both its streams is heard to the last byte before it counts as closed', async () => {
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

test('a program that was over before we looked is heard as well', async () => {
  const started = node(`console.log('gone already')`, ['stdout']);
  // Time for its start, its words and its end to lie in wait for us together.
  execFileSync(process.execPath, ['--eval', 'setTimeout(() => {}, 1000)']);
  const tool = await soon(started);
  const printed = text(tool.stdout);
  await soon(tool.closed);
  expect(await soon(printed)).toBe('gone already\n');
});

test('what is written to a program and to its descriptor 3 arrives, and their ends too', async () => {
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

test('a program that nobody reads ends all the same, and one that is killed has no exit code', async () => {
  expect(await soon((await node(`console.log('unheard')`, ['stdout'])).closed)).toMatchObject({ code: 0 });
  const endless = await node('setInterval(() => {}, 1000)', []);
  endless.kill();
  expect(await soon(endless.closed)).toEqual({ code: null, signal: 'SIGKILL' });
  // Too late, and no harm.
  endless.kill();
});

test('a program that is not there is a missing part; one that may not be run is told in a sentence', async () => {
  const start = (program: string) =>
    startTool({ program, words: [], streams: [], missing: { part: 'swtpm', remedy: 'apt-get install swtpm' } });
  await expect(start('no-such-program')).rejects.toThrow('swtpm is not installed; run: apt-get install swtpm');
  await expect(start(import.meta.dirname)).rejects.toThrow(/EACCES/);
});

test('where the process that starts programs is killed, they see their streams end, and the next program gets another', async () => {
  const tool = await node('console.log(process.ppid); process.stdin.resume()', ['stdin', 'stdout']);
  const [said] = await soon(new Promise<[Buffer]>((done) => tool.stdout.once('data', (part) => done([part]))));
  process.kill(Number(said.toString()), 'SIGKILL');
  expect(await soon(tool.closed)).toEqual({ code: null, signal: null });
  expect(await soon((await node('', [])).closed)).toMatchObject({ code: 0 });
});
