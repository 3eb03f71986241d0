import { execFile } from 'node:child_process';
import type { Found } from './part.ts';

/**
 * Starts a program and reads its version. A program that is not on the PATH, or that does not end within ten seconds, counts as not
 * present.
 *
 * @param pattern finds the version in stdout or stderr, as its first group.
 */
export function versionOf(program: string, words: readonly string[], pattern = anyVersion): Promise<Found> {
  return new Promise((resolve) => {
    execFile(
      program,
      [...words],
      { encoding: 'utf8', timeout: 10_000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const version = pattern.exec(`${stdout}\n${stderr}`)?.[1];
        // Some programs print their version and end with an exit code other than 0.
        if (version !== undefined) return resolve({ isPresent: true, detail: version });
        if (error === null) return resolve({ isPresent: true, detail: 'unknown version' });
        resolve({
          isPresent: false,
          detail: error.code === 'ENOENT' ? 'not installed' : `does not start: ${firstLine(error)}`,
        });
      },
    );
  });
}

const anyVersion = /(?<!\d)(\d+(?:\.\d+)+[\w.-]*)/;

function firstLine({ message }: Error): string {
  return message.split('\n')[0] ?? '';
}
