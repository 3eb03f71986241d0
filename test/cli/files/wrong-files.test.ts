import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failureOf, valueOf } from '../result-of.ts';
import { decodeText } from '../../../cli/files/decode-text.ts';
import { makeFolder } from '../../../cli/files/make-folder.ts';
import { readJson } from '../../../cli/files/read-json.ts';
import { readText } from '../../../cli/files/read-text.ts';
import { runWarm, runWarmIn } from '../warm/warm-command.ts';
import { sampleScenarios } from '../sample-scenarios.ts';

const { passes } = sampleScenarios;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'rehearse-files-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('the encoding of a file', () => {
  test.each<[string, Buffer, object]>([
    [
      'Latin-1',
      Buffer.from('title: x\nstory: Gerät\n', 'latin1'),
      {
        line: 2,
        column: 11,
        sentence: 'the byte 0xE4 is not UTF-8 (in Latin-1 this byte is "ä"); save the file as UTF-8',
      },
    ],
    [
      'UTF-16 with a byte order mark',
      Buffer.from('\ufefftitle: x\r\n', 'utf16le'),
      { line: 1, column: 1, sentence: 'the file is UTF-16; save it as UTF-8' },
    ],
    [
      'UTF-16 without a byte order mark',
      Buffer.from('title: x\r\n', 'utf16le'),
      { line: 1, column: 1, sentence: 'the file is UTF-16; save it as UTF-8' },
    ],
    [
      'big-endian UTF-16',
      Buffer.from('\ufefftitle: x\r\n', 'utf16le').swap16(),
      { line: 1, column: 1, sentence: 'the file is UTF-16; save it as UTF-8' },
    ],
    [
      'UTF-8 that ends within a character',
      Buffer.from('title: ä').subarray(0, -1),
      {
        line: 1,
        column: 8,
        sentence: 'the byte 0xC3 is not UTF-8 (in Latin-1 this byte is "Ã"); save the file as UTF-8',
      },
    ],
  ])('is refused if it is %s', (_what, bytes, expected) => {
    expect(decodeText(bytes)).toMatchObject({ ok: false, failure: expected });
  });

  test('may be UTF-8 with or without a byte order mark', () => {
    expect(valueOf(decodeText(Buffer.from('\ufefftitle: Gerät €')))).toBe('title: Gerät €');
    expect(valueOf(decodeText(Buffer.from('a: \ufffd')))).toBe('a: \ufffd');
    expect(valueOf(decodeText(Buffer.from('')))).toBe('');
  });
});

describe('reading a file', () => {
  test.each([
    ['/dev/zero', 'the file cannot be read: it is a device file, not a regular file; name a regular file'],
    ['/', 'the file cannot be read: it is a folder; name a file in it'],
    ['/nope/x', 'the file cannot be read: there is no such file or folder'],
    ['/etc/passwd/x', 'the file cannot be read: a part of the path is a file, not a folder'],
  ])('is refused for the path %s', (path, message) => {
    expect(readText(path)).toEqual({
      ok: false,
      failure: { code: 'unreadable', line: 1, column: 1, sentence: message },
    });
  });

  test('is refused if the file is larger than the limit', () => {
    const path = join(folder(), 'large.yaml');
    writeFileSync(path, 'x'.repeat(5000));
    expect(failureOf(readText(path, 4096))).toBe('the file cannot be read: it is larger than 4 KB');
    expect(valueOf(readText(path, 5000))).toHaveLength(5000);
  });

  test('reports invalid JSON with its position', () => {
    const path = join(folder(), 'broken.json');
    writeFileSync(path, '{\n  "a": 1,\n  b\n}');
    expect(failureOf(readJson(path))).toContain('line 3, column 3: it is not JSON');
    writeFileSync(path, '{ "a": [1');
    expect(failureOf(readJson(path))).toMatch(/line 1, column \d+: it is not JSON/);
  });
});

test('`makeFolder` creates a folder with its parents, and reports a folder that it cannot create', () => {
  const place = folder();
  makeFolder(join(place, 'a', 'b', 'c'));
  makeFolder(join(place, 'a', 'b', 'c'));
  writeFileSync(join(place, 'a', 'b', 'c', 'file'), '');
  expect(() => makeFolder(join(place, 'a', 'b', 'c', 'file', 'd'))).toThrow('is a file, not a folder');
  expect(() => makeFolder('/proc/nope/x/y')).toThrow('the folder /proc/nope/x/y cannot be created: ');
});

describe('a command whose output folder cannot be created exits 2 with a message', () => {
  // The list includes paths below /proc, because the recursive mkdir of Node never returns for such paths.
  test.each([
    [['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0', '--state', '/proc/nope/x']],
    [['serve', '--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0', '--state', 'good.yaml/x']],
    [['run', 'good.yaml', '--report-dir', '/proc/nope/x']],
    [['run', 'good.yaml', '--report-dir', 'good.yaml']],
    [['run', 'good.yaml', '--baseline', '/proc/nope/x', '--update-baseline']],
    [['run', 'good.yaml', '--baseline', '.', '--update-baseline']],
    [['matrix', '--attestation', 'tpm', '--report-dir', '/proc/nope/x']],
    [['init', '/proc/nope/x/first.yaml']],
    [['init', 'good.yaml/first.yaml']],
  ])('rehearse %s', async (args) => {
    const { exitCode, stdout, stderr } = await runWarm({ 'good.yaml': passes }, args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: .*(cannot be created|is a folder|was not written)/);
    expect(stderr).not.toContain('    at ');
  });

  test('rehearse merge and rehearse report', async () => {
    const played = await runWarm({ 'good.yaml': passes }, ['run', 'good.yaml']);
    for (const args of [
      ['merge', 'rehearsal-report', '--report-dir', '/proc/nope/x'],
      ['report', '/proc/nope/x'],
      ['report', 'good.yaml'],
      ['report', 'rehearsal-report', '--as', 'html', '--against', 'good.yaml'],
      ['compare', 'good.yaml', 'rehearsal-report'],
      ['compare', '/dev/zero', 'rehearsal-report'],
      ['explain', 'good', '--from', 'good.yaml'],
      ['audit', 'verify', '/proc/nope/x'],
      ['check', 'good.yaml/x'],
      ['serve', '/dev/zero'],
      ['serve', 'rehearsal-report'],
      ['studio', '/dev/zero', '--json'],
    ]) {
      const { exitCode, stdout, stderr } = await runWarmIn(played.folder, args);
      expect({ args, exitCode, stdout }).toEqual({ args, exitCode: 2, stdout: '' });
      expect(stderr).not.toContain('    at ');
    }
  });
});

test('the message for an unknown option names the `--help` command that lists the valid options', async () => {
  for (const [args, help] of [
    [['run', '--output', 'x'], '(see rehearse run --help)'],
    [['serve', '--output'], '(see rehearse serve --help)'],
    [['audit', 'verify', '--nope'], '(see rehearse audit verify --help)'],
    [['--nope'], '(see rehearse --help)'],
  ] as const) {
    const { exitCode, stderr } = await runWarm({}, args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(help) });
  }
});
