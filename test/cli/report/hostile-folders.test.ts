import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { mergeFolders } from '../../../cli/report/merge-folders.ts';
import { failureOf } from '../result-of.ts';
import { readPlayback } from '../../../cli/report/read-playback.ts';
import { isDraftOf, writeAtomically } from '../../../cli/files/write-atomically.ts';
import { resultsJson } from '../../../reports/results-json.ts';
import { samplePlayback } from '../../reports/sample-playback.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearse-hostile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Creates a report folder whose results.json names `runFile` as the run of its first scenario. */
function hostileFolder(runFile: string): string {
  const folder = join(mkdtempSync(join(root, 'case-')), 'deep', 'report');
  const results = JSON.parse(resultsJson(samplePlayback)) as { scenarios: { runFile: string | null }[] };
  const [first] = results.scenarios;
  if (first === undefined) throw new Error('the sample has no scenario');
  results.scenarios = [{ ...first, runFile }];
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), JSON.stringify(results));
  return folder;
}

function merge(folder: string): { readonly code: number; readonly target: string } {
  const target = join(mkdtempSync(join(root, 'out-')), 'deep', 'merged');
  const silent = [process.stderr, process.stdout].map((stream) => vi.spyOn(stream, 'write').mockReturnValue(true));
  onTestFinished(() => silent.forEach((one) => one.mockRestore()));
  return { code: mergeFolders([folder], { reportDir: target }), target };
}

describe('a report folder from another computer', () => {
  test.each([
    '../evil/run.json',
    'runs/../../evil/run.json',
    '/etc/run.json',
    'runs/./run.json',
    'runs/../run.json',
    'runs/a/../../run.json',
    'runs//run.json',
    'runs/a/run.json/../x',
    'runs/a\\..\\run.json',
    'runs/a/other.json',
    'runs/a/run.json\0',
    '.git/hooks/run.json',
  ])('is rejected before anything is written if it names the run file %j', (runFile) => {
    const folder = hostileFolder(runFile);
    expect(failureOf(readPlayback(folder))).toMatch(
      /is not a results\.json of this version of rehearse: scenarios\.0\.runFile/,
    );
    const { code, target } = merge(folder);
    expect([code, existsSync(target), existsSync(join(dirname(target), 'evil'))]).toEqual([2, false, false]);
  });

  test('is rejected if it names a random path as run file', () => {
    const part = fc.constantFrom('..', '.', 'runs', 'run.json', 'a', '', '~', '\\', '/', 'ü', '%2e%2e', 'a b');
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, (runFile) => {
        const folder = hostileFolder(runFile);
        if (/^runs\/a\/run\.json$/.test(runFile)) return;
        expect(readPlayback(folder).ok).toBe(false);
        expect(merge(folder).code).toBe(2);
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  test.each(['runs', 'runs/a', 'runs/a/run.json'])('is rejected if %s in it is a symbolic link', (link) => {
    const folder = hostileFolder('runs/a/run.json');
    const secret = mkdtempSync(join(root, 'secret-'));
    mkdirSync(join(secret, 'a'), { recursive: true });
    for (const place of [secret, join(secret, 'a')]) writeFileSync(join(place, 'run.json'), '{}');
    mkdirSync(dirname(join(folder, link)), { recursive: true });
    symlinkSync(join(secret, link.replace(/^runs\/?/, '')), join(folder, link));
    expect(failureOf(readPlayback(folder))).toMatch(/is a link; a report folder must not contain links/);
    expect(merge(folder).code).toBe(2);
  });
});

describe('writing a file', () => {
  const fresh = (): string => mkdtempSync(join(root, 'write-'));

  test('does not follow a symbolic link at the path of its temporary file', () => {
    const folder = fresh();
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'kept');
    symlinkSync(victim, join(folder, `lab.state.${process.pid}.tmp`));
    writeAtomically(join(folder, 'lab.state'), 'new', { mode: 0o600 });
    expect(readFileSync(victim, 'utf8')).toBe('kept');
    expect((statSync(join(folder, 'lab.state')).mode & 0o777).toString(8)).toBe('600');
  });

  test('replaces a symbolic link and does not write to its target', () => {
    const folder = fresh();
    writeFileSync(join(folder, 'victim'), 'kept');
    symlinkSync(join(folder, 'victim'), join(folder, 'results.json'));
    writeAtomically(join(folder, 'results.json'), 'new');
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('kept');
  });

  test('leaves no temporary file after a failure', () => {
    const folder = fresh();
    mkdirSync(join(folder, 'results.json', 'taken'), { recursive: true });
    expect(() => writeAtomically(join(folder, 'results.json'), 'text')).toThrow(
      /results\.json cannot be written: it is a folder/,
    );
    expect(readdirSync(folder)).toEqual(['results.json']);
  });

  test('distinguishes its temporary files from other files', () => {
    const found = ['results.json.0123456789abcdef.tmp', 'results.json.1.tmp', 'results.json', 'x.0123456789abcdef.tmp'];
    expect(found.map((name) => isDraftOf('results.json', name))).toEqual([true, false, false, false]);
  });
});
