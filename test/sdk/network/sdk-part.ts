import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingSdkParts } from '../../../scripts/sdk/sdk-parts.mjs';

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const home = join(root, 'node_modules', '.cache', 'rehearsal');

/** The Python of the virtual environment in which the Azure packages are installed. */
export const sdkPython = join(home, 'python', 'bin', 'python');

/**
 * Returns the reason why tests with a part that `scripts/setup.mjs` installs cannot run here. In CI these tests then fail; elsewhere
 * they are skipped with this reason.
 */
export function sdkPartMissing(name: 'python' | 'java' | 'node'): string | undefined {
  const part = missingSdkParts(root, true).find((missing) => missing.name === name);
  if (part === undefined) return undefined;
  const reason = `${part.what} are not installed; run: node scripts/setup.mjs --test`;
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
}

/** The class path for `java -cp`: the Azure packages and the test programs. */
export const sdkClassPath = [join(home, 'java', 'classes'), join(home, 'java', 'lib', '*')].join(':');

/** Returns the path of the program of another Node version (test/node-versions). */
export function otherNode(major: 22 | 24): string {
  return join(home, 'node', 'node_modules', `node${major}`, 'bin', 'node');
}
