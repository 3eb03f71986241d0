#!/usr/bin/env node
// Refuses packages whose licence is not in the list below. `npm test` runs this check. Prints a line for each such package and ends with 1.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The accepted licences, by SPDX identifier or one older name. They require only a notice. MPL-2.0 also requires the source of changed
 * files, but this project changes no file of such a package.
 */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'Artistic-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MIT/X11',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const wrong = Object.entries(packages).flatMap(([path, { license, link, optional }]) => {
  // A package for another operating system is not installed, so only the lock file can state its licence.
  const isElsewhere = license === undefined && optional && !existsSync(join(root, path));
  if (path === '' || link || isElsewhere) return [];
  const found = license ?? licenceInPackage(path);
  return isAccepted(found) ? [] : [`${path}: ${found}`];
});
if (wrong.length > 0) {
  process.stdout.write(`Packages with a licence that scripts/licences.mjs does not accept:\n${wrong.join('\n')}\n`);
  process.exitCode = 1;
}

/** Evaluates SPDX expressions without nested brackets: `(MIT OR Apache-2.0)`, `MIT AND ISC`. */
function isAccepted(expression) {
  const words = expression.replaceAll(/[()]/g, '');
  if (words.includes(' AND ')) return words.split(' AND ').every((one) => accepted.has(one));
  return words.split(' OR ').some((one) => accepted.has(one));
}

/** Returns the licence from other fields of package.json, which old packages use and the lock file does not contain. */
function licenceInPackage(path) {
  const { license, licenses } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  const [first] = licenses ?? [];
  return license?.type ?? license ?? first?.type ?? first ?? 'none given';
}
