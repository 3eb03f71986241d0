#!/usr/bin/env node
// `npm test`: runs every check of this project, each in its own process, in three stages: checks of the files, then tests that run at the
// same time, then tests that must run alone on the computer. A failed check does not stop the others.
// The last line counts the tests that ran. Exit code: 0 if all passed, 1 if a check failed, 2 for a wrong argument.
//   npm test -- --only types,lint     a quick loop
//   npm test -- --list                prints the checks
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { runBrowser } from './check/run-browser.mjs';
import { runScenarios } from './check/run-scenarios.mjs';
import { runStatic } from './check/run-static.mjs';
import { runUnit } from './check/run-unit.mjs';

/** `none` forbids new snapshots. Otherwise vitest would also write snapshots of a broken state, and accept them in later runs. */
const vitest = ['vitest', 'run', '--update=none', '--project'];

/** The niceness of tests whose results do not depend on the time that they need. */
const patient = 5;

/**
 * The checks, stage by stage. `lanes` is the number of checks of a stage that run at the same time. start.mjs finds the programs of the
 * checks in node_modules.
 */
const stages = [
  // These checks run before the tests, because some tests write files into the checkout. Two checks run at the same time, because more
  // checks would compete for the processors.
  {
    lanes: 2,
    checks: [
      { name: 'types', words: ['tsc', '--noEmit'], run: runStatic },
      { name: 'page-types', words: ['tsc', '--noEmit', '-p', 'reports/html/page'], run: runStatic },
      { name: 'lint', words: ['oxlint', '--type-aware', '--deny-warnings'], run: runStatic },
      { name: 'format', words: ['oxfmt', '--check', '.'], run: runStatic },
      { name: 'dead-code', words: ['knip'], run: runStatic },
      { name: 'licences', words: ['node', 'scripts/licences.mjs'], run: runStatic },
      { name: 'folders', words: ['node', 'scripts/folders.mjs'], run: runStatic },
      { name: 'language', words: ['node', 'scripts/language.mjs'], run: runStatic },
      { name: 'results', words: ['node', 'scripts/result-contract.mjs'], run: runStatic },
    ],
  },
  // Many tests wait for processes and pages, so two test runners use the processors better than one. The browser tests have limits in real
  // time for a page, so `unit`, which has more workers than processors, has a lower priority.
  {
    lanes: 2,
    checks: [
      { name: 'unit', words: [...vitest, 'together'], run: runUnit, niceness: patient },
      { name: 'scenarios', words: ['node', 'cli/rehearse.mjs', 'run', '--reporter', 'terminal'], run: runScenarios },
      { name: 'browser', words: ['playwright', 'test', '-c', 'test/browser'], run: runBrowser },
    ],
  },
  // These tests judge limits and waits in real time, and a busy computer makes waits longer.
  {
    lanes: 1,
    checks: [
      { name: 'alone', words: [...vitest, 'alone'], run: runUnit },
      { name: 'clients', words: [...vitest, 'clients'], run: runUnit },
    ],
  },
];
const checks = stages.flatMap((stage) => stage.checks);

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
  const tallies = [];
  for (const stage of stages) {
    const wanted = stage.checks.filter(({ name }) => options.only?.includes(name) ?? true);
    tallies.push(...(await perform(wanted, Math.min(stage.lanes, wanted.length))));
  }
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

/**
 * Runs the checks of a stage, `lanes` at the same time. With one lane, a check prints its output immediately; otherwise it prints the whole
 * output at its end.
 */
async function perform(some, lanes) {
  const output = lanes > 1 ? 'pipe' : 'inherit';
  const tallies = [];
  const waiting = some.entries();
  const running = new Set();
  const lane = async () => {
    for (const [index, check] of waiting) {
      running.add(check.name);
      if (lanes > 1) print(`running: ${[...running].join(', ')}`);
      tallies[index] = await performOne(check, output);
      running.delete(check.name);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tallies;
}

async function performOne({ name, words, run, niceness }, output) {
  const heading = () => print(`\n--- ${name}: ${words.join(' ')}`);
  const startedAt = performance.now();
  const tally = { name, ...(await run(words, heading, output, niceness)) };
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  for (const trouble of tally.troubles) print(`${name}: ${trouble}`);
  print(`${name}: ${tally.failed > 0 ? 'FAILED' : 'passed'} in ${seconds} s`);
  return tally;
}

/**
 * Prints the skipped and the failed tests with their reasons, then the counts. The end of the output has all failures, because CI services
 * often show only the end. Returns the exit code.
 */
function close(tallies) {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  const skipped = tallies.flatMap((tally) => tally.skipped);
  // In CI, a skipped test is a failure: success must mean that every test ran.
  const isSkipAFailure = Boolean(process.env.CI);
  if (skipped.length > 0) print(isSkipAFailure ? '\nSkipped tests, which count as failed in CI:' : '\nSkipped:');
  for (const { name, reason } of skipped) print(`  ${name}: ${reason}`);
  printFailures(tallies.filter((tally) => tally.failed > 0));
  const failed = sum('failed') + (isSkipAFailure ? skipped.length : 0);
  const isSkipShown = skipped.length > 0 && !isSkipAFailure;
  print(`\n${sum('passed')} passed, ${failed} failed${isSkipShown ? `, ${skipped.length} skipped` : ''}`);
  return failed > 0 ? 1 : 0;
}

function printFailures(failed) {
  if (failed.length > 0) print('\nFailed:');
  for (const { name, failures, troubles } of failed) {
    const reasons = [...troubles, ...failures.map((failure) => `${failure.name}: ${firstLine(failure.reason)}`)];
    for (const reason of reasons) print(`  ${name}: ${reason}`);
  }
}

/** Returns the first line of a message, without its colours. */
function firstLine(message) {
  return stripVTControlCharacters(message).trim().split('\n')[0].slice(0, 300);
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
