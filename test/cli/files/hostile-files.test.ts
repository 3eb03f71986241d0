import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadFiles } from '../../../cli/files/load-files.ts';
import { readBaseline } from '../../../cli/report/read-baseline.ts';
import { readPlayback } from '../../../cli/report/read-playback.ts';
import { failureOf, valueOf } from '../result-of.ts';
import { emptyReportFolder, openReportFolder } from '../../../cli/report/report-folder.ts';
import { Journal } from '../../../cli/serve/state/journal.ts';
import { openLabFolder } from '../../../cli/serve/lab-folder.ts';
import { ScenarioFiles } from '../../../cli/studio/scenario-files.ts';
import { loadLab } from '../../../sim/lab/load.ts';
import { command } from '../run-inline.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearse-hostile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fresh = (): string => mkdtempSync(join(root, 'case-'));
const pipeAt = (path: string): void => void spawnSync('mkfifo', [path]);

/** Runs the command with a time limit, because a command that reads the pipe would never end. */
function rehearse(folder: string, ...args: string[]): { readonly status: number | null; readonly stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    timeout: 20_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  return { status, stderr };
}

const lab = ['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0', '--json'];
const labOfCertificate = 'enrollments: { it: { x509: { certificate: it.pem } } }\n';

describe('a command does not wait for a named pipe without a writer', () => {
  test.each<[string, string, string[], RegExp]>([
    ['compare', 'results.json', ['compare', '.', '.'], /results\.json cannot be read: it is a pipe/],
    ['merge', 'results.json', ['merge', '.', '--report-dir', 'out'], /results\.json cannot be read: it is a pipe/],
    [
      'compare, for a file in place of a folder',
      'pipe',
      ['compare', 'pipe', 'pipe'],
      /pipe cannot be read: it is a named pipe/,
    ],
    ['check', 'a.yaml', ['check', 'a.yaml'], /it is a named pipe/],
    ['studio', 'a.yaml', ['studio', '--port', '0', 'a.yaml'], /it is a named pipe/],
    ['serve, for its lab file', 'lab.yaml', [...lab, 'lab.yaml'], /it is a named pipe/],
    [
      'serve, for a certificate in the lab file',
      'it.pem',
      [...lab, 'of-certificate.yaml'],
      /it\.pem cannot be read: it is a pipe/,
    ],
    ['serve, for its state file', 'lab.state', [...lab, '--state', 'lab.state'], /lab\.state is a pipe; name a file/],
  ])('rehearse %s', (_, name, args, sentence) => {
    const folder = fresh();
    writeFileSync(join(folder, 'of-certificate.yaml'), labOfCertificate);
    pipeAt(join(folder, name));
    const { status, stderr } = rehearse(folder, ...args);
    expect(stderr).toMatch(sentence);
    expect(status).toBe(2);
  });
});

describe('a report folder', () => {
  test('is refused if its `results.json` is a link', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'secret'), '{"scenarios":[]}');
    mkdirSync(join(folder, 'report'));
    symlinkSync('../../secret', join(folder, 'report', 'results.json'));
    for (const read of [readBaseline, readPlayback]) {
      expect(failureOf(read(join(folder, 'report')))).toMatch(
        /results\.json is a link; a report folder must not contain links/,
      );
    }
  });

  test('is refused if one of its files has several gigabytes', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'results.json'), '');
    truncateSync(join(folder, 'results.json'), 8 * 1024 ** 3);
    for (const read of [readBaseline, readPlayback]) {
      expect(failureOf(read(folder))).toMatch(/results\.json cannot be read: it is larger than 512000 KB/);
      expect(failureOf(read(join(folder, 'results.json')))).toMatch(
        /results\.json cannot be read: it is larger than 512000 KB/,
      );
    }
  });

  test('is refused as output folder if it is a link to another folder, and no file there is removed', () => {
    const folder = fresh();
    const victim = join(fresh(), 'victim');
    mkdirSync(join(victim, 'a'), { recursive: true });
    writeFileSync(join(victim, 'a', 'run.json'), 'kept');
    writeFileSync(join(folder, '.made-by-rehearse'), '');
    symlinkSync(victim, join(folder, 'runs'));
    emptyReportFolder(folder);
    expect(failureOf(openReportFolder(folder))).toMatch(/runs is a link that leads out of the report folder/);
    expect(readFileSync(join(victim, 'a', 'run.json'), 'utf8')).toBe('kept');
  });
});

describe('a lab', () => {
  test.each(['/dev/zero', 'folder', 'huge.pem', 'nul\\0.pem', 'loop'])(
    'reads no certificate from the path %s',
    (name) => {
      const folder = fresh();
      mkdirSync(join(folder, 'folder'));
      writeFileSync(join(folder, 'huge.pem'), '');
      truncateSync(join(folder, 'huge.pem'), 8 * 1024 ** 3);
      symlinkSync('loop', join(folder, 'loop'));
      const text = `enrollments: { it: { x509: { certificate: "${name}" } } }\n`;
      const loaded = loadLab(join(folder, 'lab.yaml'), text, 0);
      expect(loaded.ok ? [] : loaded.mistakes.map(({ message }) => message)).toEqual([
        expect.stringMatching(/ cannot be read: /),
      ]);
    },
  );

  test.each(['lab.state', 'lab.state.d'])('does not follow a link at the state path %s', async (name) => {
    const folder = fresh();
    const victim = join(folder, 'victim');
    mkdirSync(victim);
    symlinkSync(victim, join(folder, name));
    await expect(openLabFolder(join(folder, 'lab.state'))).rejects.toThrow(/ is a link, which a lab does not follow/);
    expect(readdirSync(victim)).toEqual([]);
  });

  test.each(['/dev/null', 'folder'])('refuses %s as its state file, and creates no folder beside it', async (name) => {
    const state = join(name.startsWith('/') ? '' : fresh(), name);
    if (!name.startsWith('/')) mkdirSync(state);
    await expect(openLabFolder(state)).rejects.toThrow(/ is a (device|folder); name a file with --state/);
    expect(existsSync(`${state}.d`)).toBe(false);
  });

  test.each(['pki', 'tpm'])('writes nothing through a link that replaces its subfolder %s', async (name) => {
    const state = join(fresh(), 'lab.state');
    const victim = fresh();
    mkdirSync(`${state}.d`);
    symlinkSync(victim, join(`${state}.d`, name));
    const opened = valueOf(await openLabFolder(state));
    expect(() => opened.write(`${name}/ca-key.pem`, 'key')).toThrow(/ is a link, which a lab does not follow/);
    expect(() => opened.folder(`${name}/one`)).toThrow(/ is a link, which a lab does not follow/);
    expect(readdirSync(victim)).toEqual([]);
    opened.close();
  });

  test('reports a folder at the path of a file that it must write', async () => {
    const state = join(fresh(), 'lab.state');
    mkdirSync(join(`${state}.d`, 'root.pem'), { recursive: true });
    const opened = valueOf(await openLabFolder(state));
    expect(() => opened.write('root.pem', 'text')).toThrow(/root\.pem is a folder, and the lab writes a file of this/);
    opened.close();
  });

  test('replaces a file that has other hard links, and does not change the content of the old file', async () => {
    const folder = fresh();
    const state = join(folder, 'lab.state');
    mkdirSync(`${state}.d`);
    for (const name of ['linked', 'hard']) writeFileSync(join(folder, name), 'kept');
    symlinkSync(join(folder, 'linked'), join(`${state}.d`, 'root.pem'));
    linkSync(join(folder, 'hard'), join(`${state}.d`, 'key.pem'));
    chmodSync(`${state}.d`, 0o777);
    const opened = valueOf(await openLabFolder(state));
    for (const name of ['root.pem', 'key.pem']) {
      opened.write(name, 'new');
      expect(lstatSync(join(`${state}.d`, name)).mode & 0o777).toBe(0o600);
    }
    expect(['linked', 'hard'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['kept', 'kept']);
    expect((statSync(`${state}.d`).mode & 0o022).toString(8)).toBe('0');
    opened.close();
  });

  test.each<[string, (at: string, victim: string) => void]>([
    ['a link', (at, victim) => symlinkSync(victim, at)],
    ['a hard link', (at, victim) => linkSync(victim, at)],
    ['a pipe', pipeAt],
  ])('replaces %s at the path of its journal file', async (_, put) => {
    const folder = fresh();
    const [victim, at] = [join(folder, 'victim'), join(folder, 'changes-0123456789abcdef.journal')];
    writeFileSync(victim, 'kept');
    put(at, victim);
    const journal = await Journal.create(at, '0123456789abcdef'.repeat(4));
    await journal.close();
    expect([readFileSync(victim, 'utf8'), lstatSync(at).isFile()]).toEqual(['kept', true]);
  });
});

describe('the studio', () => {
  const text = 'title: T\n';
  const secret = 'title: secret\n';

  /** Ways to replace a scenario file that the studio serves, after the start of the studio. */
  const swaps: Readonly<Record<string, (file: string, other: string) => void>> = {
    link: (file, other) => symlinkSync(other, file),
    'link in a circle': (file) => symlinkSync(file, file),
    'link to a device': (file) => symlinkSync('/dev/zero', file),
    'dangling link': (file) => symlinkSync('nowhere', file),
    pipe: pipeAt,
    folder: (file) => mkdirSync(file),
    'huge file': (file) => (writeFileSync(file, ''), truncateSync(file, 8 * 1024 ** 3)),
    nothing: () => {},
  };

  test('reads and saves nothing through a file or folder that was replaced after the start', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(swaps)), fc.boolean(), (swap, isFolder) => {
        const base = fresh();
        const [folder, elsewhere] = [join(base, 'folder'), join(base, 'elsewhere')];
        for (const [place, content] of [
          [folder, text],
          [elsewhere, secret],
        ] as const) {
          mkdirSync(place);
          writeFileSync(join(place, 'a.yaml'), content);
        }
        const file = join(folder, 'a.yaml');
        const files = new ScenarioFiles({ [file]: text });
        const before = valueOf(files.read(file));
        rmSync(isFolder ? folder : file, { recursive: true });
        if (isFolder) symlinkSync(elsewhere, folder);
        else swaps[swap]?.(file, join(elsewhere, 'a.yaml'));
        expect(files.read(file).ok).toBe(false);
        expect(files.save(file, 'title: new\n', before.digest).ok).toBe(false);
        expect(readFileSync(join(elsewhere, 'a.yaml'), 'utf8')).toBe(secret);
      }),
      { seed: 13, numRuns: 60 },
    );
  });

  test('saves through a symbolic link that existed at the start, and does not change other hard links of the file', () => {
    const folder = fresh();
    const [real, link, other] = ['real.yaml', 'link.yaml', 'other.yaml'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(real, text, { mode: 0o640 });
    symlinkSync('real.yaml', link);
    linkSync(real, other);
    const files = new ScenarioFiles({ [link]: text });
    const read = valueOf(files.read(link));
    expect(valueOf(files.save(link, 'title: new\n', read.digest))).toHaveProperty('digest');
    expect([real, other].map((file) => readFileSync(file, 'utf8'))).toEqual(['title: new\n', text]);
    expect([lstatSync(link).isSymbolicLink(), (statSync(real).mode & 0o777).toString(8)]).toEqual([true, '640']);
    expect(readdirSync(folder).toSorted()).toEqual(['link.yaml', 'other.yaml', 'real.yaml']);
  });

  test('refuses to replace a read-only file, and refuses to save a text that is larger than the studio can read', () => {
    const file = join(fresh(), 'a.yaml');
    writeFileSync(file, text);
    const files = new ScenarioFiles({ [file]: text });
    const read = valueOf(files.read(file));
    expect(failureOf(files.save(file, 'ü'.repeat(600_000), read.digest))).toMatch(/the text is larger than 1024 KB/);
    chmodSync(file, 0o444);
    expect(failureOf(files.save(file, 'title: new\n', read.digest))).toMatch(
      /cannot be written: its mode is read-only/,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

test('rehearse accepts files whose names are property names of JavaScript objects', () => {
  const folder = fresh();
  const files = ['__proto__', 'constructor', 'a\u001b[31m.yaml'].map((name) => join(folder, name));
  for (const file of files) writeFileSync(file, 'title: [');
  expect(Object.keys(loadFiles(files).texts).toSorted()).toEqual(files.toSorted());
  expect(rehearse(folder, 'check', '__proto__').stderr).toMatch(/1 mistake in 1 file/);
});
