import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { HistoryEvent } from '../../../core/history/events.ts';
import type { Checked, FeedLine, PlayState, StudioChoice, StudioConsole } from '../../../reports/html/studio-api.ts';
import { swtpmMissing } from '../../sim/swtpm-present.ts';
import { begun, rawStatus, startStudio, startStudioProcess, type RunningStudio } from './studio-process.ts';

const leak = `title: A key leaks
story: An attacker reads a flash.
teaches: Share nothing.
keys: [fleet-key]
devices:
  sensor: { attestation: symmetricKey, count: 2 } # in the field
timeline:
  - enroll: { device: sensor, sharedKey: fleet-key }
  - install-key: sensor
  - power-on: sensor
    after: P3M
    expect: { assigned: hub-eu }
  - steal-key: { device: sensor-1, as: flash-dump }
    after: P1M
  - impersonate: { device: sensor-2, with: flash-dump }
    expect: { assigned: hub-eu }
`;
const atOnce = { pace: { kind: 'at-once' }, breakpoints: { parties: [], checks: [], steps: [] } };
const stepByStep = { ...atOnce, pace: { kind: 'step-by-step' } };
const file = 'leak.yaml';

let studio: RunningStudio;
beforeEach(async () => {
  studio = await startStudio({ [file]: leak, 'broken.yaml': 'title: x\ndevices: {' });
});

const play = async (more: object = {}): Promise<number> => {
  const { play: number } = begun(
    await studio.ask('POST', 'plays', { file, text: leak, id: 'leak', ...atOnce, ...more }),
  );
  return number;
};
const isPaused = ({ kind }: PlayState): boolean => kind === 'paused';
const isOver = ({ kind }: PlayState): boolean => kind === 'over';
const eventsIn = (lines: readonly FeedLine[]): readonly HistoryEvent[] =>
  lines.flatMap((line) => (line.kind === 'happened' ? line.events : []));
const stateIn = (lines: readonly FeedLine[]): PlayState => {
  const last = lines.at(-1);
  if (last?.kind !== 'state') throw new Error('the last line is no state');
  return last.state;
};
/** Sends an order, such as "step", to a play, and waits until the play pauses again. */
const nextPause = async (number: number, order: object = { do: 'step' }): Promise<PlayState> => {
  const before = begunState(await studio.ask('POST', `plays/${number}/do`, order));
  return stateIn(await studio.until(number, (state) => isPaused(state) && state.why !== before.why));
};
const begunState = ({ body }: { readonly body: unknown }): PlayState => body as PlayState;

describe('the studio refuses', () => {
  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['without a token', { Authorization: '' }, 401],
    ['with another token', { Authorization: `Bearer ${'0'.repeat(64)}` }, 401],
    ['from a page of another origin', { Origin: 'http://evil.example' }, 403],
    ['from a page on another port of this computer', { Origin: 'http://127.0.0.1:1' }, 403],
    ['from a page without origin', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['with the host name of another site (DNS rebinding)', { Host: 'evil.example' }, 403],
  ])('a request %s', async (_, headers, status) => {
    const { url, token } = studio;
    expect(await rawStatus(url, { Authorization: `Bearer ${token}`, ...headers })).toBe(status);
    expect(await rawStatus(url, { Authorization: `Bearer ${token}` })).toBe(200);
  });

  test('a form that another page submits, even with the token', async () => {
    const { url, token } = studio;
    const body = JSON.stringify({ file, text: leak, id: 'leak', ...atOnce });
    for (const type of ['text/plain', 'application/json-evil', 'application/jsonp', 'application/json/x']) {
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': type };
      expect(await rawStatus(url, headers, { method: 'POST', path: '/api/plays', body }), type).toBe(415);
    }
    expect((await studio.ask('GET', 'plays')).body).toEqual({ plays: [] });
  });

  test('a request with a body that is too large, and answers the next request', async () => {
    const text = 'x'.repeat(2 * 1024 * 1024);
    expect(await studio.ask('POST', 'check', { file, text })).toMatchObject({
      status: 413,
      body: { error: expect.stringMatching(/larger than/) },
    });
    expect((await studio.ask('GET', 'plays')).status).toBe(200);
  });

  test('scripts from other sources by a content security policy, with a new nonce in each response', async () => {
    const pages = [await fetch(studio.url), await fetch(studio.url)];
    const [policy, other] = pages.map(({ headers }) => headers.get('content-security-policy') ?? '');
    expect(policy).toMatch(/default-src 'none'; script-src 'nonce-[^']+'; style-src 'nonce-[^']+'; connect-src 'self'/);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toBe(other);
    expect(pages[0]?.headers.get('x-frame-options')).toBe('DENY');
    expect(await pages[0]?.text()).not.toContain(studio.token);
  });

  test('connections to any address of this computer except 127.0.0.1', async () => {
    const { hostname, port } = new URL(studio.url);
    expect(hostname).toBe('127.0.0.1');
    // All addresses of 127.0.0.0/8 belong to this computer, so a server that listens on every address would answer at 127.0.0.2.
    const elsewhere = connect(Number(port), '127.0.0.2');
    const [error] = await once(elsewhere, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the files of the studio', () => {
  test('are listed with their mistakes', async () => {
    const { body } = await studio.ask('GET', 'files');
    expect(body.files).toMatchObject([
      { file: 'broken.yaml', mistakes: expect.any(Number), scenarios: [] },
      { file, title: 'A key leaks', story: 'An attacker reads a flash.', mistakes: 0, scenarios: [{ id: 'leak' }] },
    ]);
    expect(body.files[0].mistakes).toBeGreaterThan(0);
  });

  test.each(['../etc/passwd', '/etc/passwd', 'other.yaml', ''])('do not include "%s"', async (other) => {
    expect((await studio.ask('GET', `text?file=${encodeURIComponent(other)}`)).status).toBe(404);
    const digest = '0'.repeat(64);
    expect((await studio.ask('POST', 'save', { file: other, text: 'x', digest })).status).toBe(404);
  });

  test('are saved when the user requests it, and never overwrite a later change on the disk', async () => {
    const path = join(studio.folder, file);
    chmodSync(path, 0o640);
    const { digest } = (await studio.ask('GET', `text?file=${file}`)).body;
    const saved = await studio.ask('POST', 'save', { file, text: `${leak}# more\n`, digest });
    expect(saved.status).toBe(200);
    expect(readFileSync(path, 'utf8')).toBe(`${leak}# more\n`);
    expect(statSync(path).mode & 0o777).toBe(0o640);
    writeFileSync(path, 'title: by another program\n');
    const late = await studio.ask('POST', 'save', { file, text: leak, digest: saved.body.digest });
    expect(late).toMatchObject({ status: 409, body: { error: expect.stringMatching(/changed on disk/) } });
    expect(readFileSync(path, 'utf8')).toBe('title: by another program\n');
  });

  test('are checked, and each mistake has a position', async () => {
    const text = leak.replace('steal-key', 'steel-key');
    const { mistakes } = (await studio.ask('POST', 'check', { file, text })).body as Checked;
    expect(mistakes[0]).toMatchObject({
      line: 13,
      column: 5,
      message: expect.stringContaining('did you mean "steal-key"'),
    });
  });
});

describe('a run in the studio', () => {
  test('without pauses runs to its end and has the same result as rehearse run', async () => {
    const number = await play({ seed: 'abc' });
    const events = eventsIn(await studio.until(number, isOver));
    const { body: run } = await studio.ask('GET', `plays/${number}/run`);
    expect(run).toMatchObject({ id: 'leak', seed: 'abc', verdict: { kind: 'pass' }, warnings: [] });
    expect(events).toEqual(run.history);
  });

  test('at the pace "step" pauses before each step and after the last step', async () => {
    const number = await play(stepByStep);
    const seen = [stateIn(await studio.until(number, isPaused))];
    while (seen.at(-1)?.step !== undefined) seen.push(await nextPause(number));
    const whys = seen.map(({ why = '' }) => why);
    expect(whys.filter((why) => why.startsWith('before step'))).toEqual([
      'before step 1, enroll',
      'before step 2, install-key',
      'before step 3, power-on',
      'before step 4, steal-key',
      'before step 5, impersonate',
    ]);
    expect(whys.at(-1)).toBe('after the last step');
    // At each pause the clock shows the virtual time of the step.
    expect(new Set(seen.map(({ at }) => new Date(at).toISOString().slice(0, 7)))).toEqual(
      new Set(['2026-01', '2026-04', '2026-05']),
    );
    await studio.ask('POST', `plays/${number}/do`, { do: 'resume' });
    await studio.until(number, isOver);
  });

  test('at the pace "by-time" waits in real time, until the presenter changes the pace', async () => {
    const pace = { kind: 'by-time', millisPerSecond: 86_400_000 };
    const number = await play({ pace });
    // At this pace three months need 90 seconds. The test does not wait for 90 seconds, but changes the pace.
    const waiting = stateIn(
      await studio.until(number, ({ until }) => until !== undefined && until > Date.UTC(2026, 3)),
    );
    expect(waiting).toMatchObject({ kind: 'playing', step: 2, isSeatFree: false });
    const paused = stateIn(
      await studio.ask('POST', `plays/${number}/do`, { do: 'pause' }).then(() => studio.until(number, isPaused)),
    );
    expect(paused).toMatchObject({ why: 'paused by the presenter', isSeatFree: false });
    expect(paused.at).toBeLessThan(Date.UTC(2026, 3));
    expect(paused.at).toBeGreaterThan(waiting.at);
    await studio.ask('POST', `plays/${number}/do`, { do: 'resume', pace: { kind: 'at-once' } });
    await studio.until(number, isOver);
  });

  test.each<[string, object, RegExp]>([
    ['a party', { parties: ['attacker'] }, /^attacker acts$/],
    [
      'a check',
      { checks: ['token-signature-matches'] },
      /^dps applies token-signature-matches \(.*\) to sensor-\d: passed$/,
    ],
    ['a step', { steps: [3] }, /^before step 4, steal-key \(breakpoint\)$/],
  ])('pauses at a breakpoint on %s and states the reason', async (_, breakpoint, why) => {
    const number = await play({ breakpoints: { ...atOnce.breakpoints, ...breakpoint } });
    expect(stateIn(await studio.until(number, isPaused)).why).toMatch(why);
    await studio.ask('POST', `plays/${number}/do`, { do: 'resume', breakpoints: atOnce.breakpoints });
    await studio.until(number, isOver);
  });

  test('prevents a second run at the same time, and has no verdict after the user stops it', async () => {
    const number = await play(stepByStep);
    await studio.until(number, isPaused);
    expect((await studio.ask('POST', 'plays', { file, text: leak, id: 'leak', ...atOnce })).status).toBe(409);
    expect((await studio.ask('GET', `plays/${number}/run`)).status).toBe(409);
    await studio.ask('POST', `plays/${number}/do`, { do: 'stop' });
    await studio.until(number, isOver);
    const { body: run } = await studio.ask('GET', `plays/${number}/run`);
    expect(run.verdict).toEqual({
      kind: 'unknown',
      reason: expect.stringMatching(/^stopped before the end; no verdict$/),
    });
    await studio.until(await play(), isOver);
  });

  test('can be stopped while the virtual clock jumps over months', async () => {
    const number = await play({ pace: { kind: 'by-time', millisPerSecond: 86_400_000 } });
    await studio.until(number, ({ until }) => until !== undefined && until > Date.UTC(2026, 3));
    await studio.ask('POST', `plays/${number}/do`, { do: 'stop' });
    await studio.until(number, isOver);
    const { body: run } = await studio.ask('GET', `plays/${number}/run`);
    expect(run).toMatchObject({ verdict: { kind: 'unknown' }, registrations: [] });
    await studio.until(await play(), isOver);
  });

  test('does not start if the text has mistakes', async () => {
    const text = leak.replace('hub-eu }\n  - steal', 'hub-uk }\n  - steal');
    expect(await studio.ask('POST', 'plays', { file, text, id: 'leak', ...atOnce })).toMatchObject({
      status: 422,
      body: { error: expect.stringContaining('no hub is called "hub-uk"') },
    });
  });
});

test('after a change of a choice, a run with the same seed has another result', async () => {
  const { choices } = (await studio.ask('POST', 'check', { file, text: leak })).body as Checked;
  const choice = choices.find(({ word }) => word === 'sharedKey') as StudioChoice;
  expect(choice).toMatchObject({ group: 'timeline 1 enroll', value: 'fleet-key', options: ['fleet-key'] });
  const flipped = await studio.ask('POST', 'choose', { text: leak, path: choice.path, value: null });
  expect(flipped.body.text).toBe(leak.replace('{ device: sensor, sharedKey: fleet-key }', '{ device: sensor }'));
  const runs = [];
  for (const text of [leak, flipped.body.text]) {
    const number = await play({ text, seed: 'same' });
    await studio.until(number, isOver);
    runs.push((await studio.ask('GET', `plays/${number}/run`)).body);
  }
  const ends = runs.map(({ registrations }) => registrations.at(-1).outcome);
  expect(ends).toEqual(['assigned', 'refused']);
  expect((await studio.ask('GET', 'plays')).body.plays).toMatchObject([
    { changed: [], verdict: { kind: 'pass' } },
    { changed: ['timeline 1 enroll sharedKey: none'], verdict: { kind: 'fail' } },
  ]);
});

test('the user can change a choice whose value in the matrix is a name and not an object', async () => {
  const text = `title: A line is looked at
stations: { line: {}, desk: {} }
devices:
  sensor: { attestation: symmetricKey }
matrix:
  - { name: one, where: line }
timeline:
  - reconcile-audit: "\${where}"
    expect: { done: true }
`;
  const { choices } = (await studio.ask('POST', 'check', { file, text })).body as Checked;
  const choice = choices.find(({ word }) => word === 'station');
  expect(choice).toMatchObject({ path: ['matrix', 0, 'where', 'station'], value: 'line', options: ['line', 'desk'] });
  const flipped = await studio.ask('POST', 'choose', { text, path: choice?.path, value: 'desk' });
  expect(flipped.body.text).toBe(text.replace('where: line', 'where: desk'));
});

test('a guest acts as the attacker with the secrets that the run has exposed so far', async () => {
  const number = await play({ breakpoints: { ...atOnce.breakpoints, steps: [3] } });
  await studio.until(number, isPaused);
  const early = (await studio.ask('GET', `plays/${number}/seat`)).body as StudioConsole;
  expect(early.loot).toEqual([]);
  const act = (step: object) => studio.ask('POST', `plays/${number}/act`, { step });
  expect((await act({ impersonate: { device: 'sensor-2', with: 'flash-dump' } })).body).toEqual({
    mistakes: [
      'with: no loot of an earlier step is called "flash-dump"; put a step with `as: flash-dump` before this one',
    ],
  });
  expect((await act({ 'power-on': 'sensor' })).body.mistakes[0]).toMatch(/unknown step of an attacker "power-on"/);
  expect((await act({ 'steal-key': { device: 'sensor-2', as: 'mine' } })).body.sentences).toContain(
    'sensor-2: the attacker takes a copy of its symmetric key',
  );
  const late = (await studio.ask('GET', `plays/${number}/seat`)).body as StudioConsole;
  expect(late.loot).toEqual([{ name: 'mine', what: 'a symmetric key' }]);
  expect(late.deeds.find(({ name }) => name === 'impersonate')?.words).toMatchObject([
    { word: 'device', options: ['sensor', 'sensor-1', 'sensor-2'] },
    { word: 'with', options: ['mine'] },
  ]);
  const tried = await act({ impersonate: { device: 'sensor-1', with: 'mine' } });
  expect(tried.body.sentences.join('\n')).toMatch(/attacker as sensor-1: assigned/);
  // The previous step expects that all devices are accepted. If a service refuses an action from the attacker console, this refusal does
  // not count as a refused device of that step.
  await act({ 'steal-key': { device: 'sensor-1', token: true, as: 'overheard' } });
  const refused = await act({ impersonate: { device: 'sensor-2', with: 'overheard' } });
  expect(refused.body.sentences.join('\n')).toMatch(/attacker as sensor-2: (refused|failed)/);
  await studio.ask('POST', `plays/${number}/do`, { do: 'resume' });
  await studio.until(number, isOver);
  const { body: run } = await studio.ask('GET', `plays/${number}/run`);
  // The history has the actions from the attacker console, but these actions have no effect on the expectations of the author.
  expect(run).toMatchObject({
    verdict: { kind: 'pass' },
    warnings: ['a guest acted as the attacker 4 times'],
  });
  expect((await studio.ask('GET', `plays/${number}/seat`)).status).toBe(409);
});

test('the audience sees events at once, and results only after the presenter reveals them', async () => {
  const { audienceToken: seat } = studio;
  const number = await play();
  const events = eventsIn(await studio.until(number, isOver, seat));
  expect(events.some(({ kind }) => kind === 'attempt-started')).toBe(true);
  expect(events.filter(({ kind }) => ['attempt-ended', 'decision', 'service-record'].includes(kind))).toEqual([]);
  const messages = events.flatMap((event) => (event.kind === 'wire' ? [event.message] : []));
  expect(messages.length).toBeGreaterThan(0);
  expect(messages.join('\n')).not.toMatch(/→|assign/i);
  const asked = (path: string) => studio.ask('GET', path, undefined, seat);
  expect((await asked('audience')).body).toEqual({ play: number, isRevealed: false });
  expect((await asked(`plays/${number}`)).body).not.toHaveProperty('verdict');
  for (const path of ['files', 'plays', `text?file=${file}`, `plays/${number}/run`, `plays/${number}/seat`]) {
    expect((await asked(path)).status, path).toBe(403);
  }
  expect((await studio.ask('POST', 'audience', { isRevealed: true }, seat)).status).toBe(403);
  await studio.ask('POST', 'audience', { isRevealed: true });
  expect((await asked(`plays/${number}/run`)).body).toMatchObject({ verdict: { kind: 'pass' } });
  // The presenter has revealed the results of the first play, but not of the next play.
  await studio.until(await play(), isOver);
  expect((await asked('audience')).body.isRevealed).toBe(false);
});

test('the audience does not see the reason of a pause, because the reason reveals the result of a check', async () => {
  const number = await play({ breakpoints: { ...atOnce.breakpoints, checks: ['token-signature-matches'] } });
  expect(stateIn(await studio.until(number, isPaused)).why).toMatch(/: passed$/);
  const told = await studio.until(number, isPaused, studio.audienceToken);
  expect(stateIn(told)).toMatchObject({ kind: 'paused' });
  expect(JSON.stringify(told)).not.toMatch(/token-signature-matches|: passed/);
  // The summary of the play has no reason either until the reveal.
  const summary = async () => (await studio.ask('GET', `plays/${number}`, undefined, studio.audienceToken)).body;
  expect(JSON.stringify(await summary())).not.toContain(': passed');
  await studio.ask('POST', 'audience', { isRevealed: true });
  expect(JSON.stringify(await summary())).toContain(': passed');
  await studio.ask('POST', `plays/${number}/do`, { do: 'stop' });
  await studio.until(number, isOver);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  'the signal %s ends the studio normally, even during a run',
  async (signal) => {
    studio = await startStudioProcess({ [file]: leak });
    await studio.until(await play(stepByStep), isPaused);
    expect((await studio.end(signal)).exitCode).toBe(0);
  },
);

test.skipIf(swtpmMissing !== undefined)(
  'no TPM process remains after the user stops a run in the studio, or a signal ends it',
  async () => {
    const own = 'tpm.yaml';
    const tpm = `title: A gateway waits
devices:
  gateway: { attestation: tpm }
timeline:
  - extract-ek: gateway
  - enroll: gateway
  - power-on: gateway
    expect: { assigned: hub-eu }
`;
    const other = await startStudioProcess({ [own]: tpm });
    const begin = async (): Promise<number> => {
      const breakpoints = { ...atOnce.breakpoints, steps: [2] };
      const body = { file: own, text: tpm, id: 'tpm', pace: { kind: 'at-once' }, breakpoints };
      const { play: number } = begun(await other.ask('POST', 'plays', body));
      await other.until(number, isPaused);
      return number;
    };
    const tpms = () => descendants(other.child.pid ?? 0).filter(({ args }) => /^(\S*\/)?swtpm /.test(args));
    const number = await begin();
    expect(tpms()).toHaveLength(1);
    await other.ask('POST', `plays/${number}/do`, { do: 'stop' });
    await other.until(number, isOver);
    expect(tpms()).toEqual([]);
    await begin();
    const all = descendants(other.child.pid ?? 0);
    expect(all.length).toBeGreaterThan(1);
    expect((await other.end('SIGTERM')).exitCode).toBe(0);
    // The helper process that starts programs ends by itself when its pipe is closed, so the test waits for its end.
    const left = () => processes().filter(({ pid }) => all.some((one) => one.pid === pid));
    await expect.poll(left, { timeout: 10_000 }).toEqual([]);
  },
);

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function processes(): readonly Process[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => {
    const [, pid, parent, stat, args = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return stat === undefined || stat.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

function descendants(of: number, among = processes()): readonly Process[] {
  const children = among.filter(({ parent }) => parent === of);
  return [...children, ...children.flatMap(({ pid }) => descendants(pid, among))];
}
