import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { LogEntry } from '../../../cli/serve/watch/log-entry.ts';
import { LogWriter } from '../../../cli/serve/watch/log-writer.ts';
import { withoutSecrets } from '../../../cli/serve/watch/without-secrets.ts';
import type { Ready } from '../../../cli/serve/ready.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { withinRealTime } from '../../../core/time/clock.ts';
import { controlled, curl, registerByKey, secret, startLab, tokenHeader } from './lab-process.ts';
import { command } from '../run-inline.ts';

const yaml = `
cloud: { assignment: PT0S, enrollmentGroups: { devices: { symmetricKey: true } } }
enrollments: { gauge: { symmetricKey: true } }
`;

/** Makes three registrations: DPS assigns the first device and refuses the other two devices. */
async function registerThree(ready: Ready): Promise<void> {
  const key = await secret(ready, 'devices primaryKey');
  const own = (id: string) => deriveDeviceKey(key, id);
  expect((await registerByKey(ready, 'thermostat-1', own('thermostat-1'))).status).toBe(200);
  expect((await registerByKey(ready, 'thermostat-2', own('thermostat-1'))).status).toBe(401);
  const expired = tokenHeader(ready, 'thermostat-3', own('thermostat-3'), Date.now() / 1000 - 86_400);
  expect((await curl(ready, 'PUT', 'thermostat-3/register', expired, {})).status).toBe(401);
}

test('rehearse serve logs a sentence for each decision with its device, transport, failed check and reason', async () => {
  const lab = await startLab({ 'lab.yaml': yaml }, ['lab.yaml', '--log', 'normal', '--log-format', 'text']);
  await registerThree(lab.ready);
  await controlled(lab.ready, 'POST', '/clock/advance', { by: 'P1M' });
  const { stdout, stderr, exitCode } = await lab.end();
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const lines = stdout.trimEnd().split('\n').slice(1);
  expect(lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}/, ''))).toEqual([
    expect.stringMatching(/^DPS accepted thermostat-1 over HTTPS: all \d+ checks passed$/),
    'DPS assigned thermostat-1 to hub-eu.azure-devices.net over HTTPS',
    expect.stringMatching(
      /^DPS refused thermostat-2 over HTTPS: token-signature-matches: the token is signed with a key that is not in the enrollment \(expected .+; found .+\)$/,
    ),
    expect.stringMatching(/^DPS refused thermostat-3 over HTTPS: token-fresh: .+$/),
    expect.stringMatching(/^the clock advanced by .+ to \d{4}-/),
  ]);
});

test('rehearse serve logs JSON lines, and each message with --log debug, but never a secret of the lab', async () => {
  const lab = await startLab({ 'lab.yaml': yaml }, ['lab.yaml', '--log', 'debug']);
  await registerThree(lab.ready);
  const { body } = await controlled(lab.ready, 'GET', '/secrets?reveal=true');
  const values = (body['secrets'] as { value?: string }[]).flatMap(({ value }) => value ?? []);
  const { stdout } = await lab.end();
  const [, ...lines] = stdout.trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as LogEntry & { log: true });
  expect(entries.every(({ log }) => log)).toBe(true);
  expect(entries.filter(({ kind }) => kind === 'message').length).toBeGreaterThanOrEqual(3);
  expect(entries.filter(({ outcome, kind }) => kind === 'decision' && outcome === 'refused')).toMatchObject([
    { service: 'dps', subject: 'thermostat-2', transport: 'https', check: 'token-signature-matches' },
    { service: 'dps', subject: 'thermostat-3', transport: 'https', check: 'token-fresh' },
  ]);
  expect(values.length).toBeGreaterThan(3);
  for (const value of [...values, lab.ready.controlToken]) expect(lines.join('\n')).not.toContain(value);
});

test('rehearse serve prints only the ready line with --log quiet, or with --json and no log options', async () => {
  for (const args of [[], ['--log', 'quiet', '--log-format', 'text']]) {
    const lab = await startLab({ 'lab.yaml': yaml }, ['lab.yaml', ...args]);
    await registerByKey(lab.ready, 'thermostat-1', Buffer.from('no key'));
    expect((await lab.end()).stdout.trimEnd().split('\n')).toHaveLength(1);
  }
});

test('rehearse serve continues if stdout is closed or never read, and ends on a signal', async () => {
  for (const isClosed of [true, false]) {
    const args = ['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0', '--json', '--log', 'debug'];
    const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    const ready = JSON.parse(first.toString()) as Ready;
    if (isClosed) child.stdout.destroy();
    else child.stdout.pause();
    // Each advance of the clock prints a line of more than 80 octets. A pipe holds 64 KiB, so 1000 lines fill it.
    const advanced = Array.from({ length: isClosed ? 5 : 1000 }, () =>
      controlled(ready, 'POST', '/clock/advance', { by: 'PT1S' }),
    );
    expect(new Set((await Promise.all(advanced)).map(({ status }) => status))).toEqual(new Set([200]));
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await withinRealTime(ended, 20_000, 'the lab did not end')).toEqual([0, null]);
  }
}, 60_000);

test('the log writer drops lines and counts them if the reader is too slow, and keeps at most 1000 waiting lines', async () => {
  const stream = new PassThrough({ highWaterMark: 16 });
  const writer = new LogWriter(stream, { level: 'normal', format: 'text' });
  for (let line = 0; line < 5000; line += 1) {
    writer.write({ at: 'now', level: 'normal', kind: 'clock', sentence: `line ${line}` });
  }
  expect(stream.writableLength + stream.readableLength).toBeLessThan(100);
  let text = '';
  stream.on('data', (part: Buffer) => (text += part.toString()));
  await expect.poll(() => text).toMatch(/\d+ lines were dropped, because stdout was not read fast enough\n$/);
  const printed = text.trimEnd().split('\n').slice(0, -1);
  const dropped = Number(/(\d+) lines were dropped/.exec(text)?.[1]);
  expect(printed.map((line) => line.slice(5))).toEqual(printed.map((_, line) => `line ${line}`));
  expect(printed.length).toBeLessThan(1010);
  expect(printed.length + dropped).toBe(5000);
});

test('`end` of the log writer returns `false` if a line was not read, even if the stream has room for more lines', async () => {
  const stream = new Writable({ write: () => {} });
  const writer = new LogWriter(stream, { level: 'normal', format: 'text' });
  writer.write({ at: 'now', level: 'normal', kind: 'clock', sentence: 'one line' });
  expect(stream.writableNeedDrain).toBe(false);
  expect(await writer.end()).toBe(false);
});

test('`end` of the log writer waits until all waiting lines are read', async () => {
  const stream = new PassThrough({ highWaterMark: 16 });
  const writer = new LogWriter(stream, { level: 'normal', format: 'text' });
  for (let line = 0; line < 100; line += 1)
    writer.write({ at: 'now', level: 'normal', kind: 'clock', sentence: `line ${line}` });
  const ended = writer.end();
  let text = '';
  stream.on('data', (part: Buffer) => (text += part.toString()));
  expect(await ended).toBe(true);
  expect(text.trimEnd().split('\n')).toHaveLength(100);
});

test('a log line hides signatures and keys, and escapes control characters', () => {
  const sent = 'password=abc SharedAccessSignature sr=x&sig=SECRET%3D&se=1 {"primaryKey":"SECRET"}\n\u001b[31mforged';
  const clean = withoutSecrets(sent);
  for (const hidden of ['SECRET', 'abc', '\n', '\u001b']) expect(clean).not.toContain(hidden);
  expect(clean).toContain('sig=…&se=1');
});
