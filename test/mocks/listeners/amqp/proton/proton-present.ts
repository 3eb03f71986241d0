import { spawnSync } from 'node:child_process';

/** The Python of the system, for which Debian installs Proton. */
export const python = '/usr/bin/python3';

/** The reason why tests with Qpid Proton cannot run, if any. A missing part fails in CI and is skipped elsewhere. */
export const protonMissing = ((): string | undefined => {
  if (spawnSync(python, ['-c', 'import proton']).status === 0) return undefined;
  const reason = 'Qpid Proton is not installed; run: apt-get install python3-qpid-proton';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
