import { spawnSync } from 'node:child_process';

/**
 * Returns the reason why tests with a client program cannot run here. In CI a missing program makes the test fail; elsewhere the test is
 * skipped with this reason.
 */
export function clientMissing(program: string, debianPackage: string): string | undefined {
  if (spawnSync(program, ['--help']).error === undefined) return undefined;
  const reason = `${program} is not installed; run: apt-get install ${debianPackage}`;
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}
