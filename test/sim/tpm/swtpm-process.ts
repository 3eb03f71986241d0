import { readdirSync, readFileSync } from 'node:fs';

/** Returns the process IDs of the live swtpm processes that use a folder or a folder inside it. */
export function swtpmProcessesOn(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = commandLine(pid).split('\0');
      return words[0]?.endsWith('swtpm') === true && words.some((word) => word.startsWith(`dir=${folder}`));
    })
    .map(Number);
}

/** Returns the command line of a process; an empty text if the process has ended, also if it is a zombie. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
