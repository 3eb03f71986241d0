#!/usr/bin/env node
// Refuses the patterns that docs/style.md bans. Prints file, line and rule for each finding; ends with 1 if there is a finding. node
// scripts/language.mjs every tracked text of the repository node scripts/language.mjs mocks docs only below these paths
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findingsIn } from './language/findings-in.mjs';

const chosen = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', '-z', ...chosen], { encoding: 'utf8' }).split('\0');
const generated = generatedAmong(tracked);
const lines = tracked
  .filter((file) => isOurText(file) && !generated.has(file))
  .flatMap((file) =>
    findingsIn(file, readFileSync(file, 'utf8')).map(
      ({ line, found, advice }) => `${file}:${line}: "${found}": ${advice}\n`,
    ),
  );
if (lines.length > 0) {
  const count = `${lines.length} ${lines.length === 1 ? 'finding' : 'findings'}`;
  process.stdout.write(`${lines.join('')}${count}; docs/style.md has the rules\n`);
  process.exitCode = 1;
}

/** Returns false for other formats, and for a tracked file that was deleted but not committed. */
function isOurText(file) {
  return /\.(ts|tsx|mjs|md|ya?ml)$/.test(file) && existsSync(file);
}

/**
 * Returns the files that .gitattributes marks as generated. The check reads their sources instead, because generated files also contain
 * names of variants, which must not change.
 */
function generatedAmong(files) {
  const attributes = execFileSync('git', ['check-attr', '-z', '--stdin', 'linguist-generated'], {
    input: files.join('\0'),
    encoding: 'utf8',
  }).split('\0');
  return new Set(attributes.filter((_, index) => index % 3 === 0 && attributes[index + 2] === 'set'));
}
