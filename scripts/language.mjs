#!/usr/bin/env node
// Refuses the patterns that docs/style.md bans. Prints file, line and rule for each finding; ends with 1 if there is any.
//   node scripts/language.mjs             every tracked text of the repository
//   node scripts/language.mjs mocks docs  only below these paths
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rules } from './language/rules.mjs';
import { textsOf } from './language/texts-of.mjs';

const chosen = process.argv.slice(2);
const tracked = execFileSync('git', ['ls-files', '-z', ...chosen], { encoding: 'utf8' }).split('\0');
let findings = 0;
for (const file of tracked.filter(isOurText)) {
  for (const { text, line, kind } of textsOf(file, readFileSync(file, 'utf8'))) {
    for (const { pattern, except, advice, kinds } of rules) {
      if (kinds !== undefined && !kinds.includes(kind)) continue;
      for (const match of text.matchAll(pattern)) {
        if (except?.test(text.slice(Math.max(0, match.index - 40), match.index + match[0].length + 40))) continue;
        const at = line + text.slice(0, match.index).split('\n').length - 1;
        process.stdout.write(`${file}:${at}: "${match[0].trim()}": ${advice}\n`);
        findings += 1;
      }
    }
  }
}
if (findings > 0) {
  process.stdout.write(`${findings} ${findings === 1 ? 'finding' : 'findings'}; docs/style.md has the rules\n`);
  process.exitCode = 1;
}

/** Lock files and copies of others' formats are not ours to word. The change log of released versions stays as it was. */
function isOurText(file) {
  return /\.(ts|tsx|mjs|md|ya?ml)$/.test(file) && !/(^|\/)package-lock\.json$/.test(file);
}
