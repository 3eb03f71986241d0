import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackage } from './missing-package.mjs';
import { runQuietly } from '../check/run-quietly.mjs';

/** Installs the packages of package-lock.json if one of them is missing. Returns a sentence after a failure. */
export async function installPackages(root, isForTests, say) {
  // Checks the packages again, because another setup may have installed them while this setup waited.
  if (missingPackage(root, isForTests) === undefined) return undefined;
  say('Installing npm packages (npm ci) ...');
  // Removes npm's record of installed packages first. If npm is interrupted, the old record would say that all packages are installed.
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  // Setup needs no install script of a package. It also does not need `prepare`, because the first start builds the bundle.
  const command = ['npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { failure, output } = await runQuietly(command, root);
  if (failure !== undefined)
    return `\`npm ci\` in ${root} ${failure}; the npm packages are not installed.\n${output}`.trim();
  const missing = missingPackage(root, isForTests);
  if (missing === undefined) return undefined;
  return `\`npm ci\` in ${root} succeeded, but ${missing} differs from package-lock.json. Remove node_modules, then try again.`;
}
