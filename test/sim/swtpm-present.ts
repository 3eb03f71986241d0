import { spawnSync } from 'node:child_process';

/** The reason to skip tests that need swtpm, or undefined. In CI a missing part fails the test instead. */
export const swtpmMissing = ((): string | undefined => {
  if (spawnSync('swtpm', ['--version']).status === 0) return undefined;
  const reason = 'swtpm is not installed; run: apt-get install swtpm';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
