import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { missingPackage } from './missing-package.mjs';
import { runQuietly } from '../check/run-quietly.mjs';

/** Installs what package-lock.json says, unless it is there. Returns a sentence where that did not work. */
export async function installPackages(root, isForTests, say) {
  // Asked again: another setup may have installed them while this one waited for it.
  if (missingPackage(root, isForTests) === undefined) return undefined;
  say('Installing npm packages (npm ci) ...');
  // Before npm takes the folder apart: when it is interrupted, nothing may say that all is there.
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  // Scripts of packages are not run: none of them is needed. The bundle is made at the first start instead of by `prepare`.
  const command = ['npm', 'ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { failure, output } = await runQuietly(command, root);
  if (failure !== undefined)
    return `\`npm ci\` in ${root} ${failure}; the npm packages are not installed.\n${output}`.trim();
  const missing = missingPackage(root, isForTests);
  if (missing === undefined) return undefined;
  return `\`npm ci\` in ${root} ended well, yet ${missing} is not what package-lock.json says.`;
}
