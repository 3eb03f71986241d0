import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path';
import { done, failed, succeeded, type Result } from '../../core/result.ts';

/**
 * Checks that the clock of a program can be controlled: it must be a dynamic executable of the C library glibc, or a script with such an
 * executable as its interpreter. Returns the path of the program, or a sentence.
 * @param folder folder of the scenario file, for a relative path.
 */
export function inspectCommand(word: string, folder: string, path: string): Result<string> {
  const found = find(word, folder, path);
  if (found === undefined) {
    return failed(
      'no-program',
      `there is no program ${word}; write a path with \`/\` below the folder of the scenario file, or a name in PATH`,
    );
  }
  const usable = checkFile(found, word, path, 0);
  return usable.ok ? succeeded(found) : usable;
}

function find(word: string, folder: string, path: string): string | undefined {
  if (isAbsolute(word)) return isFile(word) ? word : undefined;
  if (word.includes('/')) {
    const inFolder = resolve(folder, word);
    return isFile(inFolder) ? inFolder : undefined;
  }
  return path
    .split(delimiter)
    .map((each) => join(each, word))
    .find((each) => isFile(each));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Returns the path of a file for a shell command: relative to the working folder, not to the folder of the scenario, because the user starts
 * the command there.
 */
function pasted(file: string): string {
  const inside = relative('', file);
  const path = inside.startsWith('..') ? file : inside;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Longest chain of scripts in which the interpreter of a script is again a script. The kernel has the same limit. */
const scriptsAtMost = 4;

function checkFile(file: string, word: string, path: string, depth: number): Result<undefined> {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    return failed('program-unusable', `${word} is not executable; run: chmod +x ${pasted(file)}`);
  }
  if ((statSync(file).mode & 0o6000) !== 0) {
    return failed(
      'program-unusable',
      `${word} has the setuid or setgid bit, so the system loads no clock library into it; remove the bit: chmod ug-s ${pasted(file)}`,
    );
  }
  const head = headOf(file);
  if (head.subarray(0, 2).toString('latin1') === '#!') {
    const [interpreter = '', argument = ''] = head
      .subarray(2)
      .toString('latin1')
      .split('\n', 1)
      .join('')
      .trim()
      .split(/\s+/);
    const wanted = interpreter.endsWith('/env') && !argument.startsWith('-') ? argument : interpreter;
    const found = find(wanted, '/', path);
    if (found === undefined) return failed('program-unusable', `${word} needs ${wanted}, which is not installed`);
    return depth < scriptsAtMost ? checkFile(found, wanted, path, depth + 1) : done;
  }
  if (!head.subarray(0, 4).equals(elfMagic)) {
    return failed(
      'program-unusable',
      `${word} is neither a script with \`#!\` nor an executable for Linux (ELF); name one of these`,
    );
  }
  return checkExecutable(head, word);
}

const elfMagic = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
const headBytes = 64 * 1024;

function headOf(file: string): Buffer {
  const open = openSync(file, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    return head.subarray(0, readSync(open, head, 0, headBytes, 0));
  } finally {
    closeSync(open);
  }
}

/** Checks that the clock library can be loaded into an executable (System V ABI, ELF-64 header and program headers). */
function checkExecutable(head: Buffer, word: string): Result<undefined> {
  const is64 = head[4] === 2;
  const isLittle = head[5] === 1;
  if (!is64 || !isLittle) {
    return failed(
      'program-unusable',
      `${word} is a 32-bit or big-endian executable, and the clock library is not; build it for this computer`,
    );
  }
  const tableAt = Number(head.readBigUInt64LE(32));
  const size = head.readUInt16LE(54);
  const count = head.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const at = tableAt + index * size;
    if (at + size > head.length) break;
    if (head.readUInt32LE(at) !== interpreterHeader) continue;
    const offset = Number(head.readBigUInt64LE(at + 8));
    const loader =
      head
        .subarray(offset, offset + 256)
        .toString('latin1')
        .split('\0')[0] ?? '';
    if (loader.includes('musl')) {
      return failed(
        'program-unusable',
        `${word} uses the C library musl (${loader}), but the clock library needs glibc; build it for glibc, for example on Debian`,
      );
    }
    if (head.includes('Go build ID')) {
      return failed(
        'program-unusable',
        `${word} is a Go program, which reads the clock without the C library; test it with \`rehearse serve\``,
      );
    }
    return done;
  }
  return failed(
    'program-unusable',
    `${word} is statically linked, so no clock library can be loaded into it; link it dynamically (without -static)`,
  );
}

/** PT_INTERP: the program header that names the dynamic loader. */
const interpreterHeader = 3;
