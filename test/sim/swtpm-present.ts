import { spawnSync } from 'node:child_process';

/** The reason why tests that need swtpm are skipped; undefined if swtpm is installed. In CI these tests fail if it is missing. */
export const swtpmMissing = ((): string | undefined => {
  if (spawnSync('swtpm', ['--version']).status === 0) return undefined;
  const reason = 'swtpm is not installed; run: apt-get install swtpm';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
