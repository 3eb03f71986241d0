#!/usr/bin/env node
// Refuses functions that return an expected failure as a string. Prints file, line and rule of each; ends with 1 if there is such a
// function. node scripts/result-contract.mjs core, mocks, sim, cli and reports node scripts/result-contract.mjs core sim only below these
// paths
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { breachesOf, contract } from './result-contract/breaches-of.mjs';

const given = process.argv.slice(2);
const folders = given.length > 0 ? given : ['core', 'mocks', 'sim', 'cli', 'reports'];
const tracked = execFileSync('git', ['ls-files', '-z', '--', ...folders], { encoding: 'utf8' }).split('\0');
let count = 0;
for (const file of tracked.filter((name) => /\.(ts|tsx|mts)$/.test(name))) {
  for (const { rule, name, line } of breachesOf(file, readFileSync(file, 'utf8'))) {
    process.stdout.write(`${file}:${line}: ${name}: ${rule}: ${contract[rule]}\n`);
    count += 1;
  }
}
process.exitCode = count === 0 ? 0 : 1;
