import { isOnPath, missingPrograms } from './missing-programs.mjs';
import { runQuietly } from '../check/run-quietly.mjs';

/** Installs missing programs with apt-get. Returns a sentence with advice after a failure. */
export async function installPrograms(root, isForTests, say) {
  const missing = missingPrograms(isForTests);
  if (missing.length === 0) return undefined;
  const names = `Missing: ${missing.map(({ name }) => name).join(', ')}.`;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (!isOnPath('apt-get')) {
    return `${names} apt-get is not available. Install the equivalents of the Debian packages ${packages.join(', ')}, then try again.`;
  }
  // Calls `id -u` instead of `process.getuid()`, so that a test can simulate another user with its own `id` program.
  const isRoot = (await runQuietly(['id', '-u'], root)).output === '0';
  const advice = `Run this, then try again:\n  ${commandLine(packages, isRoot)}`;
  if (!isRoot && (await runQuietly(['sudo', '-n', 'true'], root)).failure !== undefined) {
    return `${names} Installing needs root, and sudo would ask for a password. ${advice}`;
  }
  say(`Installing ${packages.join(', ')} (apt-get) ...`);
  const { failure, output } = await aptInstall(packages, isRoot ? [] : ['sudo', '-n'], root);
  if (failure !== undefined) return `${names} \`apt-get\` ${failure}. ${advice}\n${output}`.trim();
  const stillMissing = missingPrograms(isForTests).map(({ name }) => name);
  if (stillMissing.length === 0) return undefined;
  return `\`apt-get\` succeeded, but the PATH has no ${stillMissing.join(', ')}. Correct the PATH, then try again.`;
}

/** Returns the commands that the user can run. They include `apt-get update`, so that they work in a fresh container too. */
function commandLine(packages, isRoot) {
  const sudo = isRoot ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

async function aptInstall(packages, asRoot, root) {
  // The command uses `env`, because sudo does not pass environment variables on. The timeout limits the wait for another running apt-get.
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  const first = await runQuietly(install, root);
  if (first.failure === undefined) return first;
  // The package lists may be absent, as in a fresh container, or out of date.
  const update = await runQuietly([...apt, 'update'], root);
  return update.failure === undefined ? runQuietly(install, root) : update;
}
