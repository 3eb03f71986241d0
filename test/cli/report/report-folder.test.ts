import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failureOf, valueOf } from '../result-of.ts';
import { closeReportFolder, emptyReportFolder, openReportFolder } from '../../../cli/report/report-folder.ts';
import { slug } from '../../../cli/files/slug.ts';

describe('a new report', () => {
  test.each(['results.json', 'junit.xml', 'guide.md', 'attacks.md', 'runs'])(
    'is not written into a folder in which another program made %s',
    (name) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, name), 'precious');
      emptyReportFolder(folder);
      expect(failureOf(openReportFolder(folder))).toContain(`${name} was not made by rehearse`);
      expect(existsSync(join(folder, name))).toBe(true);
    },
  );

  test('is written into a folder with other files, and replaces only files of an earlier report', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'coverage.html'), 'theirs');
    closeReportFolder(valueOf(openReportFolder(folder)));
    for (const run of ['a', 'b']) mkdirSync(join(folder, 'runs', run), { recursive: true });
    const ours = [
      'results.json',
      'junit.xml',
      'guide.md',
      'attacks.md',
      'runs/a/run.json',
      'runs/b/run.json',
      'runs/a/audit-final.jsonl',
      'runs/a/audit-secure.room.jsonl',
    ];
    for (const file of [...ours, 'runs/b/notes.txt']) writeFileSync(join(folder, file), '');
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'run.json'), 'theirs');
    symlinkSync(elsewhere, join(folder, 'runs/kept'));
    symlinkSync(join(elsewhere, 'gone'), join(folder, 'runs/dangling'));
    emptyReportFolder(folder);
    expect(existsSync(join(elsewhere, 'run.json'))).toBe(true);
    expect(ours.filter((file) => existsSync(join(folder, file)))).toEqual([]);
    expect(existsSync(join(folder, 'runs/a'))).toBe(false);
    expect(existsSync(join(folder, 'runs/b/notes.txt'))).toBe(true);
    expect(existsSync(join(folder, 'coverage.html'))).toBe(true);
  });
});

describe('`slug`', () => {
  test.each(['warehouse/leaf#validity=P2Y', '../../etc/passwd', '/absolute', '..', '', 'x'.repeat(300), 'grün 🔥'])(
    'makes one safe file name from %j',
    (id) => {
      expect(slug(id)).toMatch(/^[A-Za-z0-9=_-][A-Za-z0-9=_.-]{0,99}$/);
      expect(slug(id)).not.toBe('..');
    },
  );

  test('makes different names from different IDs', () => {
    const ids = ['a/b', 'a-b', 'a#b', 'a b', 'a.b', `${'x'.repeat(99)}1`, `${'x'.repeat(99)}2`];
    expect(new Set(ids.map(slug)).size).toBe(ids.length);
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
