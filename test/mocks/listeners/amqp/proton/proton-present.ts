import { spawnSync } from 'node:child_process';

/** The system's own Python: Debian installs Proton for that one. */
export const python = '/usr/bin/python3';

/** Whether tests with Qpid Proton can run. In CI a missing part is a failure, elsewhere a skip with this reason. */
export const protonMissing = ((): string | undefined => {
  if (spawnSync(python, ['-c', 'import proton']).status === 0) return undefined;
  const reason = 'Qpid Proton is not installed; run: apt-get install python3-qpid-proton';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
