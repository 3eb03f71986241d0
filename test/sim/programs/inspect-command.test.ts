import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { inspectCommand } from '../../../sim/programs/inspect-command.ts';
import { missingFor } from './play-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearse-inspect-'));
const path = process.env['PATH'] ?? '';

afterAll(() => rmSync(folder, { recursive: true }));

function sentenceAbout(name: string): string {
  const inspected = inspectCommand(name, folder, path);
  return inspected.ok ? 'usable' : inspected.failure.sentence;
}

function write(name: string, content: string | Buffer, mode = 0o755): void {
  writeFileSync(join(folder, name), content);
  chmodSync(join(folder, name), mode);
}

describe.skipIf(missingFor().length > 0)(
  'the simulation can control the clock of a program only if the program',
  () => {
    test('is a dynamic executable, or a script whose interpreter is a dynamic executable', () => {
      write('good.sh', '#!/bin/sh\n');
      write('env.sh', '#!/usr/bin/env sh\n');
      expect([sentenceAbout('./good.sh'), sentenceAbout('./env.sh'), sentenceAbout('sh')]).toEqual(
        Array(3).fill('usable'),
      );
    });

    test('is not statically linked', () => {
      write('main.c', 'int main(void) { return 0; }');
      execFileSync('cc', ['-static', '-o', join(folder, 'static'), join(folder, 'main.c')]);
      expect(sentenceAbout('./static')).toContain('is statically linked');
    });

    test('does not use musl', () => {
      execFileSync('cc', [
        '-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1',
        '-o',
        join(folder, 'musl'),
        join(folder, 'main.c'),
      ]);
      expect(sentenceAbout('./musl')).toContain('uses the C library musl (/lib/ld-musl-x86_64.so.1)');
    });

    test('has no setuid bit', () => {
      copyFileSync('/bin/true', join(folder, 'setuid'));
      chmodSync(join(folder, 'setuid'), 0o4755);
      expect(sentenceAbout('./setuid')).toContain('has the setuid or setgid bit');
    });

    test('exists, is executable, and is a script or a binary program', () => {
      write('plain.sh', '#!/bin/sh\n', 0o644);
      write('text', 'hello');
      write('lost.sh', '#!/no/such/interpreter\n');
      expect(sentenceAbout('./nothing')).toContain('there is no program ./nothing');
      expect(sentenceAbout('./plain.sh')).toBe(
        `./plain.sh is not executable; run: chmod +x ${join(folder, 'plain.sh')}`,
      );
      mkdirSync(join(folder, 'qa lab'));
      write('qa lab/plain.sh', '#!/bin/sh\n', 0o644);
      const working = vi.spyOn(process, 'cwd').mockReturnValue(folder);
      onTestFinished(() => working.mockRestore());
      expect(sentenceAbout('./qa lab/plain.sh')).toContain("; run: chmod +x 'qa lab/plain.sh'");
      expect(sentenceAbout('./text')).toContain('is neither a script');
      expect(sentenceAbout('./lost.sh')).toContain('needs /no/such/interpreter, which is not installed');
    });
  },
);
