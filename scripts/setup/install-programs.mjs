import { isOnPath, missingPrograms } from './missing-programs.mjs';
import { runQuietly } from '../check/run-quietly.mjs';

/** Installs missing programs where apt-get can. Returns a sentence with what to do where that did not work. */
export async function installPrograms(root, isForTests, say) {
  const missing = missingPrograms(isForTests);
  if (missing.length === 0) return undefined;
  const names = `Missing: ${missing.map(({ name }) => name).join(', ')}.`;
  const packages = missing.map(({ debianPackage }) => debianPackage);
  if (!isOnPath('apt-get')) {
    return `${names} There is no apt-get here to install with. Install what Debian calls ${packages.join(', ')}, then try again.`;
  }
  // Asked of the system and not of Node, so that a test can stand in another user's shoes.
  const isRoot = (await runQuietly(['id', '-u'], root)).output === '0';
  const advice = `Run this, then try again:\n  ${commandLine(packages, isRoot)}`;
  if (!isRoot && (await runQuietly(['sudo', '-n', 'true'], root)).failure !== undefined) {
    return `${names} Installing takes root, and sudo would ask for a password. ${advice}`;
  }
  say(`Installing ${packages.join(', ')} (apt-get) ...`);
  const { failure, output } = await aptInstall(packages, isRoot ? [] : ['sudo', '-n'], root);
  if (failure !== undefined) return `${names} \`apt-get\` ${failure}. ${advice}\n${output}`.trim();
  const stillMissing = missingPrograms(isForTests).map(({ name }) => name);
  if (stillMissing.length === 0) return undefined;
  return `\`apt-get\` ended well, yet the PATH has no ${stillMissing.join(', ')}.`;
}

/** With an update, so that it works in a fresh container too. */
function commandLine(packages, isRoot) {
  const sudo = isRoot ? '' : 'sudo ';
  return `${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

async function aptInstall(packages, asRoot, root) {
  // `env`, because sudo does not hand the environment on. The time limit is for another apt-get at work.
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  const first = await runQuietly(install, root);
  if (first.failure === undefined) return first;
  // Package lists that are absent, as in a fresh container, or out of date show themselves as a failed install.
  const update = await runQuietly([...apt, 'update'], root);
  return update.failure === undefined ? runQuietly(install, root) : update;
}
