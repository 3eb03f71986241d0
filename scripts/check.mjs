#!/usr/bin/env node
// `npm test`: runs every check of this project, each in its own process. A failed check does not stop the others.
// The last line counts the tests that ran. Exit code: 0 if all passed, 1 if a check failed, 2 for a wrong argument.
//   npm test -- --only types,lint     a quick loop
//   npm test -- --list                prints the checks
import { parseArgs } from 'node:util';
import { runBrowser } from './check/run-browser.mjs';
import { runScenarios } from './check/run-scenarios.mjs';
import { runStatic } from './check/run-static.mjs';
import { runUnit } from './check/run-unit.mjs';

/** The checks, the quick ones first. start.mjs finds their programs in node_modules. */
const checks = [
  { name: 'types', words: ['tsc', '--noEmit'], run: runStatic },
  { name: 'page-types', words: ['tsc', '--noEmit', '-p', 'reports/html/page'], run: runStatic },
  { name: 'lint', words: ['oxlint', '--type-aware', '--deny-warnings'], run: runStatic },
  { name: 'format', words: ['oxfmt', '--check', '.'], run: runStatic },
  { name: 'dead-code', words: ['knip'], run: runStatic },
  { name: 'licences', words: ['node', 'scripts/licences.mjs'], run: runStatic },
  { name: 'folders', words: ['node', 'scripts/folders.mjs'], run: runStatic },
  { name: 'language', words: ['node', 'scripts/language.mjs'], run: runStatic },
  { name: 'results', words: ['node', 'scripts/result-contract.mjs'], run: runStatic },
  // `none` forbids new snapshots: vitest would write them from a broken state too, and accept them in later runs.
  { name: 'unit', words: ['vitest', 'run', '--update=none'], run: runUnit },
  { name: 'browser', words: ['playwright', 'test', '-c', 'test/browser'], run: runBrowser },
  { name: 'scenarios', words: ['node', 'cli/rehearse.mjs', 'run', '--reporter', 'terminal'], run: runScenarios },
];

process.exitCode = await main();

async function main() {
  const options = readOptions();
  if (typeof options === 'string') {
    process.stderr.write(`check: ${options}\n`);
    return 2;
  }
  if (options.list) {
    for (const { name, words } of checks) print(`${name.padEnd(10)} ${words.join(' ')}`);
    return 0;
  }
  const wanted = checks.filter(({ name }) => options.only?.includes(name) ?? true);
  const tallies = [
    ...(await sideBySide(wanted.filter(({ run }) => run === runStatic))),
    ...(await oneByOne(wanted.filter(({ run }) => run !== runStatic))),
  ];
  return close(tallies);
}

/** Returns the options, or a sentence if the arguments are wrong. */
function readOptions() {
  try {
    const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });
    const only = values.only?.split(',').map((name) => name.trim());
    const unknown = only?.find((name) => !checks.some((check) => check.name === name));
    if (unknown === undefined) return { only, list: values.list };
    return `unknown check "${unknown}"; the checks are ${checks.map(({ name }) => name).join(', ')}`;
  } catch (error) {
    return error.message;
  }
}

/** Runs two checks at a time, because more would compete for the processors. */
async function sideBySide(some) {
  const tallies = [];
  const waiting = some.entries();
  const lane = async () => {
    for (const [index, check] of waiting) tallies[index] = await perform(check);
  };
  await Promise.all([lane(), lane()]);
  return tallies;
}

async function oneByOne(some) {
  const tallies = [];
  for (const check of some) tallies.push(await perform(check));
  return tallies;
}

async function perform({ name, words, run }) {
  const heading = () => print(`\n--- ${name}: ${words.join(' ')}`);
  const startedAt = performance.now();
  const tally = await run(words, heading);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  for (const trouble of tally.troubles) print(`${name}: ${trouble}`);
  print(`${name}: ${tally.failed > 0 ? 'FAILED' : 'passed'} in ${seconds} s`);
  return tally;
}

/** Prints the skipped tests with their reasons, then the counts. Returns the exit code. */
function close(tallies) {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  // In CI a pass must mean that every test ran.
  const isSkipAFailure = Boolean(process.env.CI);
  if (skipped.length > 0) print(isSkipAFailure ? '\nSkipped tests, which count as failed in CI:' : '\nSkipped:');
  for (const { name, reason } of skipped) print(`  ${name}: ${reason}`);
  const failed = sum('failed') + (isSkipAFailure ? skipped.length : 0);
  const isSkipShown = skipped.length > 0 && !isSkipAFailure;
  print(`\n${sum('passed')} passed, ${failed} failed${isSkipShown ? `, ${skipped.length} skipped` : ''}`);
  return failed > 0 ? 1 : 0;
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
