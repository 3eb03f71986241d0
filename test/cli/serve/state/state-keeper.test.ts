import {
  appendFileSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WatchedMap } from '../../../../core/cloud/watched-map.ts';
import { loadChange } from '../../../../core/cloud/snapshot.ts';
import { openJournalFile } from '../../../../cli/serve/state/journal-file.ts';
import { failureOf, valueOf } from '../../result-of.ts';
import { readState, stateText } from '../../../../cli/serve/state/state-file.ts';
import { StateKeeper } from '../../../../cli/serve/state/state-keeper.ts';

/** A small state with one list of entries. It is saved in the same way as the state of a lab. */
interface Small {
  readonly path: string;
  readonly folder: string;
  readonly map: WatchedMap<unknown>;
  readonly keeper: StateKeeper;
  readonly warnings: string[];
  /** Resolves with true if all changes so far are saved. */
  kept(): Promise<boolean>;
  /** Resolves when all changes are saved, however long that takes. */
  allKept(): Promise<void>;
  /** Path of the only journal. */
  journal(): string;
  read(): ReturnType<typeof readState>;
}

interface Opening {
  readonly leadMs?: number;
  readonly openFile?: typeof openJournalFile;
  /** Time limit for an answer in milliseconds. Default: the time that a real disk may need. */
  readonly answerMs?: number;
}

async function open(place?: string, { leadMs = 0, ...settings }: Opening = {}): Promise<Small> {
  const base = place ?? mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  if (place === undefined) onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const [path, folder] = [join(base, 'lab.state'), join(base, 'lab.state.d')];
  mkdirSync(folder, { recursive: true });
  const map = new WatchedMap<unknown>();
  const warnings: string[] = [];
  const keeper = new StateKeeper({
    path,
    folder,
    retryMs: 5,
    ...settings,
    tell: (sentence) => warnings.push(sentence),
  });
  onTestFinished(() => keeper.end());
  await keeper.start({
    makeText: () =>
      stateText({
        idScope: '0ne',
        hubs: [],
        leadMs,
        authorities: {},
        keys: {},
        webhookHost: undefined,
        cloud: { entries: [...map] },
      }),
    parts: new Map([['entries', map]]),
  });
  return {
    path,
    folder,
    map,
    keeper,
    warnings,
    kept: () => new Promise((done) => keeper.whenDurable(done)),
    allKept: () => expect.poll(() => keeper.isAllKept, { interval: 1, timeout: 30_000 }).toBe(true),
    journal: () => join(folder, readdirSync(folder).find((name) => name.endsWith('.journal')) ?? 'none'),
    read: () => readState(path, folder),
  };
}

/** Returns the entries that a start reads, in order. */
function entriesOf(read: ReturnType<typeof readState>): readonly (readonly [string, unknown])[] {
  const { state, changes } = valueOf(read);
  const map = new WatchedMap<unknown>();
  for (const [key, value] of (state?.cloud['entries'] ?? []) as readonly (readonly [string, unknown])[])
    map.set(key, value);
  for (const change of changes) loadChange(map, change);
  return [...map];
}

/** Opens a state and makes three changes. Each change is durable before the next one begins. */
async function withThreeChanges(settings?: Opening): Promise<Small> {
  const small = await open(undefined, settings);
  for (const key of ['a', 'b', 'c']) {
    small.map.set(key, Buffer.from(key));
    await small.allKept();
  }
  return small;
}

test('a journal stores changed entries, removals and the order of entries, and only the owner of the file can read it', async () => {
  const small = await withThreeChanges();
  small.map.set('b', { $base64: 'no Buffer' });
  small.map.delete('a');
  small.map.set('a', 'last now');
  await small.kept();
  small.map.delete('c');
  await small.kept();
  expect(entriesOf(small.read())).toEqual([...small.map]);
  expect([...small.map.keys()]).toEqual(['b', 'a']);
  expect(statSync(small.journal()).mode & 0o777).toBe(0o600);
  // A change writes only the changed entry, not the whole state.
  expect(readFileSync(small.path, 'utf8')).toContain('"entries":[]');
});

test('after a normal end only the snapshot remains, and it has all changes', async () => {
  const small = await withThreeChanges();
  small.map.set('d', 'not waited for');
  await small.keeper.end();
  expect(small.keeper.isAllKept).toBe(true);
  expect(readdirSync(small.folder)).toEqual([]);
  expect(entriesOf(small.read())).toEqual([...small.map]);
});

test('an answer waits until earlier changes are saved, but not for later changes', async () => {
  const small = await withThreeChanges();
  const order: string[] = [];
  small.keeper.whenDurable(() => order.push('nothing to wait for'));
  const before = small.keeper.changes;
  small.map.set('d', 1);
  small.keeper.whenDurable(() => order.push('d'));
  small.keeper.whenDurable(() => order.push('no change since'), small.keeper.changes);
  small.keeper.whenDurable(() => order.push('a change since'), before);
  expect(order).toEqual(['nothing to wait for', 'no change since']);
  await small.kept();
  expect(order).toEqual(['nothing to wait for', 'no change since', 'd', 'a change since']);
});

/** Returns the octets of the records in a journal, without the reserved space after them. */
function linesOf(journal: string): Buffer {
  const text = readFileSync(journal);
  return text.subarray(0, text.lastIndexOf('\n') + 1);
}

test.each<[string, (lines: Buffer) => Buffer]>([
  ['cut off', (lines) => lines.subarray(0, -7)],
  ['cut off after its number', (lines) => lines.subarray(0, lines.lastIndexOf('\n3 ') + 3)],
  ['garbled', (lines) => Buffer.concat([lines.subarray(0, -9), Buffer.from('\0\n\u00ff\n?')])],
  ['partly replaced by zeros', (lines) => Buffer.concat([lines.subarray(0, -30), Buffer.alloc(512)])],
])(
  'a lab that starts drops the last journal record if the record is %s, and reports how much was dropped',
  async (_, change) => {
    const small = await withThreeChanges();
    writeFileSync(small.journal(), change(linesOf(small.journal())));
    const read = small.read();
    expect(valueOf(read)).toMatchObject({ warning: expect.stringMatching(/the last \d+ bytes were dropped/) });
    expect(entriesOf(read)).toEqual([...small.map].slice(0, 2));
  },
);

test.each([0, 1, 2])(
  'a lab that starts refuses a journal with a damaged record before the last record (record %i), and does not change the file',
  async (line) => {
    const small = await withThreeChanges();
    const text = linesOf(small.journal()).toString().split('\n');
    text[line] = text[line]?.replace(/"[^"]*"/, '"changed"') ?? '';
    writeFileSync(small.journal(), text.join('\n'));
    const before = readFileSync(small.journal());
    expect(failureOf(small.read())).toMatch(/line \d is damaged.*it was left unchanged/);
    expect(readFileSync(small.journal())).toEqual(before);
  },
);

test('a lab that starts refuses a journal with a missing record', async () => {
  const small = await withThreeChanges();
  const [head, , ...rest] = linesOf(small.journal()).toString().split('\n');
  writeFileSync(small.journal(), [head, ...rest].join('\n'));
  expect(failureOf(small.read())).toMatch(/line 2 is damaged/);
});

test('a lab that starts ignores a journal that belongs to another snapshot', async () => {
  const small = await withThreeChanges();
  const journal = linesOf(small.journal());
  await small.keeper.end();
  const other = await open(join(small.folder, '..'), { leadMs: 1000 });
  writeFileSync(other.journal(), journal);
  expect(valueOf(other.read())).toMatchObject({ changes: [] });
  appendFileSync(join(small.folder, 'changes-0123456789abcdef.journal'), journal);
  await other.keeper.end();
  expect(readdirSync(other.folder)).toEqual([]);
});

test('a failed save is repeated, with one warning at the first failure and another warning at the recovery', async () => {
  const small = await withThreeChanges({ answerMs: 50 });
  // No disk can store a circular value, so this save fails.
  const circular: { self?: unknown } = {};
  circular.self = circular;
  small.map.set('d', circular);
  expect(await small.kept()).toBe(false);
  expect(small.warnings).toEqual([expect.stringMatching(/the state cannot be saved: .*tries again/s)]);
  expect(small.keeper.isAllKept).toBe(false);
  small.map.set('d', 'mended');
  await small.allKept();
  await expect.poll(() => small.warnings[1]).toMatch(/saved again/);
  expect(entriesOf(small.read())).toEqual([...small.map]);
});

test('a lab that ends while saves fail reports that the last changes are not saved', async () => {
  const small = await withThreeChanges({ answerMs: 50 });
  const circular: { self?: unknown } = {};
  circular.self = circular;
  small.map.set('d', circular);
  await small.kept();
  await small.keeper.end();
  expect(small.keeper.isAllKept).toBe(false);
  expect(entriesOf(small.read())).toEqual([...small.map].slice(0, 3));
});

/** Returns a disk whose writes end only when the test allows it. */
function hangingDisk() {
  let release: (() => void) | undefined;
  let hang: Promise<void> | undefined;
  const openFile: typeof openJournalFile = async (path) => {
    const file = await openJournalFile(path);
    return { ...file, write: async (bytes, position) => (await hang, file.write(bytes, position)) };
  };
  return {
    openFile,
    hang: () => void (hang = new Promise((done) => (release = done))),
    goOn: () => {
      hang = undefined;
      release?.();
    },
  };
}

test('a write that hangs delays each answer at most until the limit, and causes one warning', async () => {
  const disk = hangingDisk();
  const small = await open(undefined, { openFile: disk.openFile, answerMs: 50 });
  onTestFinished(disk.goOn);
  small.map.set('a', 1);
  await small.allKept();
  disk.hang();
  small.map.set('b', 2);
  const first = small.kept();
  // The system may stop the process between two answers of one turn.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  const second = small.kept();
  expect(await Promise.all([first, second])).toEqual([false, false]);
  small.map.set('c', 3);
  expect(await small.kept()).toBe(false);
  expect(small.warnings).toEqual([
    expect.stringMatching(/lab\.state has not finished a write for 0\.05 seconds; 2 answers waited .* status 503/),
  ]);
  expect(small.keeper.isAllKept).toBe(false);
  expect(entriesOf(small.read())).toEqual([['a', 1]]);
  disk.goOn();
  await expect.poll(() => small.warnings[1]).toMatch(/saved again/);
  await small.allKept();
  expect(entriesOf(small.read())).toEqual([...small.map]);
});

test('a lab that ends while a write hangs reports what it waits for, and saves all changes when the write returns', async () => {
  const disk = hangingDisk();
  const small = await open(undefined, { openFile: disk.openFile, answerMs: 50 });
  disk.hang();
  small.map.set('a', 1);
  const ended = small.keeper.end();
  await expect
    .poll(() => small.warnings)
    .toEqual([expect.stringMatching(/has not finished a write .* the lab ends after/)]);
  expect(small.keeper.isAllKept).toBe(false);
  disk.goOn();
  await ended;
  expect(small.keeper.isAllKept).toBe(true);
  expect(entriesOf(small.read())).toEqual([['a', 1]]);
});

test('one write makes the changes of several clients durable', async () => {
  const small = await open();
  // The changes come in successive turns of the event loop, like requests over several connections.
  const change = ([key, ...others]: readonly string[]): void => {
    if (key === undefined) return;
    setImmediate(() => change(others));
    small.map.set(key, key);
  };
  change(['a', 'b', 'c']);
  await small.kept();
  expect(linesOf(small.journal()).toString().trim().split('\n')).toHaveLength(2);
  expect(entriesOf(small.read())).toEqual([...small.map]);
});
