import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The first package of package-lock.json that node_modules does not hold as it should, as a path; undefined where all
 * are there. Judged by npm's own record of what it installed, which npm writes last: a stamp of ours could outlive what
 * it stands for.
 */
export function missingPackage(root, isForTests) {
  const wanted = packagesIn(join(root, 'package-lock.json')) ?? {};
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return 'node_modules';
  return Object.keys(wanted).find(
    (path) => path !== '' && !isAsWanted(root, path, wanted[path], installed[path], isForTests),
  );
}

function isAsWanted(root, path, wanted, installed, isForTests) {
  const isNeeded = !wanted.optional && (isForTests || !(wanted.dev || wanted.devOptional));
  if (installed === undefined) return !isNeeded;
  if (installed.version !== wanted.version || installed.integrity !== wanted.integrity) return false;
  // Does not fit where node_modules was made by another computer, such as the Mac that shares it with a container.
  if (!isMeantFor(wanted.os, process.platform) || !isMeantFor(wanted.cpu, process.arch)) return false;
  return existsSync(join(root, path, 'package.json'));
}

/** `os` and `cpu` of a package list names, or with `!` names that are ruled out. */
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
