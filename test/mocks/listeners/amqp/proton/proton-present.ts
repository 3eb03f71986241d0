import { spawnSync } from 'node:child_process';

/** The Python of the Linux distribution, for which Debian packages Qpid Proton. */
export const python = '/usr/bin/python3';

/**
 * The reason why tests with Qpid Proton cannot run; undefined if they can. In CI a missing part makes the tests fail; elsewhere they are
 * skipped.
 */
export const protonMissing = ((): string | undefined => {
  if (spawnSync(python, ['-c', 'import proton']).status === 0) return undefined;
  const reason = 'Qpid Proton is not installed; run: apt-get install python3-qpid-proton';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
