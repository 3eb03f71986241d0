import { spawnSync } from 'node:child_process';

/** Whether tests that need swtpm can run. In CI a missing part is a failure, elsewhere a skip with this reason. */
export const swtpmMissing = ((): string | undefined => {
  if (spawnSync('swtpm', ['--version']).status === 0) return undefined;
  const reason = 'swtpm is not installed; run: apt-get install swtpm';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
