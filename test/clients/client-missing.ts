import { spawnSync } from 'node:child_process';

/** Returns the reason why tests with a client cannot run here. In CI a missing part is a failure, elsewhere a skip with this reason. */
export function clientMissing(program: string, debianPackage: string): string | undefined {
  if (spawnSync(program, ['--help']).error === undefined) return undefined;
  const reason = `${program} is not installed; run: apt-get install ${debianPackage}`;
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}
