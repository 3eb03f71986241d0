#!/usr/bin/env node
// Refuses folders with more than 25 tracked entries. Prints each such folder and its count; ends with 1 if there is such a folder. node
// scripts/folders.mjs every folder below the root of the repository node scripts/folders.mjs sim only below this path
import { execFileSync } from 'node:child_process';
import { crowdedFolders, mostEntries } from './folders/crowded-folders.mjs';

const tracked = execFileSync('git', ['ls-files', '-z', ...process.argv.slice(2)], { encoding: 'utf8' }).split('\0');
const crowded = crowdedFolders(tracked.filter(Boolean));
for (const { folder, count } of crowded) process.stdout.write(`${folder}: ${count} entries; split it\n`);
if (crowded.length > 0) {
  process.stdout.write(`A folder may have at most ${mostEntries} entries (CONTRIBUTING.md)\n`);
  process.exitCode = 1;
}
