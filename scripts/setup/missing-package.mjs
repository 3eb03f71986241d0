import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the path of the first package of package-lock.json that node_modules lacks or has in another version; undefined if no package is
 * missing. Compares with the record that npm writes into node_modules at the end of an installation. A separate marker file would not be
 * reliable, because it could remain when the packages are deleted.
 */
export function missingPackage(root, isForTests) {
  const wanted = packagesIn(join(root, 'package-lock.json')) ?? {};
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules';
  return Object.keys(wanted).find(
    (path) => path !== '' && !isAsWanted(root, path, wanted[path], installed[path], isForTests),
  );
}

/** Development packages that build the bundle of a checkout, so that `npm start` needs them after `npm ci --omit=dev` too. */
const buildTools = new Set(['node_modules/esbuild', 'node_modules/vite']);

function isAsWanted(root, path, wanted, installed, isForTests) {
  const isDevelopment = (wanted.dev || wanted.devOptional) && !buildTools.has(path);
  const isNeeded = !wanted.optional && (isForTests || !isDevelopment);
  if (installed === undefined) return !isNeeded;
  if (installed.version !== wanted.version || installed.integrity !== wanted.integrity) return false;
  // The platform differs if another computer installed node_modules, such as a Mac that shares the folder with a container.
  if (!isMeantFor(wanted.os, process.platform) || !isMeantFor(wanted.cpu, process.arch)) return false;
  return existsSync(join(root, path, 'package.json'));
}

/** Returns true if a package supports this computer. Its `os` or `cpu` field lists allowed names, or excluded names with `!`. */
function isMeantFor(names, here) {
  return (
    names === undefined || names.includes(here) || names.some((name) => name.startsWith('!') && name !== `!${here}`)
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}
