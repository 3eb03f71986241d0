import { readdirSync, readFileSync } from 'node:fs';

/** Numbers of the living swtpm processes that work on a folder or inside it. */
export function swtpmProcessesOn(folder: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const words = commandLine(pid).split('\0');
      return words[0]?.endsWith('swtpm') === true && words.some((word) => word.startsWith(`dir=${folder}`));
    })
    .map(Number);
}

/** Empty for a process that is gone, also for one that only waits for its parent to notice. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
