#!/usr/bin/env node
// Installs the missing parts of a clone: npm runs it before `npm start` and `npm test`. It needs only Node, because a fresh clone has
// nothing else. Ends with 0 if all parts are installed, 2 for a wrong argument, 3 if it could not install a part.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPackage } from './setup/missing-package.mjs';
import { missingPrograms } from './setup/missing-programs.mjs';
import { missingSdkParts } from './sdk/sdk-parts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isBeforeTests = process.env.npm_lifecycle_event === 'pretest';
/** True if setup must also install the parts that only the tests need. */
const isForTests = isBeforeTests || process.argv.includes('--test');
/** True on a developer machine, where tests that need a missing program are skipped with a reason. CI must fail instead. */
const isForgiving = isBeforeTests && !process.env.CI;

process.exitCode = await setUp();

async function setUp() {
  const wrong = process.argv.slice(2).find((word) => word !== '--test');
  if (wrong !== undefined) {
    say(`unknown argument ${wrong}; expected --test or no argument`);
    return 2;
  }
  if (isNodeTooOld()) {
    say(`Rehearsal needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
    return 3;
  }
  // Usually all parts are installed. In this case setup takes no lock, starts no process, loads no further code and prints nothing.
  if (
    missingPackage(root, isForTests) === undefined &&
    missingPrograms(isForTests).length === 0 &&
    missingSdkParts(root, isForTests).length === 0
  ) {
    return 0;
  }
  const { oneAtATime } = await import('./setup/one-at-a-time.mjs');
  return oneAtATime(root, say, install);
}

async function install() {
  const { installPackages } = await import('./setup/install-packages.mjs');
  const packageProblem = await installPackages(root, isForTests, say);
  if (packageProblem !== undefined) {
    say(packageProblem);
    return 3;
  }
  const { installPrograms } = await import('./setup/install-programs.mjs');
  const programProblem = await installPrograms(root, isForTests, say);
  const { installSdkParts } = await import('./setup/install-sdk-parts.mjs');
  const sdkProblems = await installSdkParts(root, isForTests, say);
  const problems = [...(programProblem === undefined ? [] : [programProblem]), ...sdkProblems];
  if (problems.length === 0) return 0;
  problems.forEach(say);
  const isModelled = missingPrograms(isForTests).every(({ hasModel }) => hasModel);
  if (!isForgiving && (process.env.CI || isForTests || !isModelled)) return 3;
  say(
    isForTests
      ? 'Tests that need a missing part will be skipped.'
      : 'Software models replace the missing programs, and each run prints a warning.',
  );
  return 0;
}

function isNodeTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < 20 || (major === 20 && minor < 19);
}

/** Prints to stderr, so that stdout has only the output of the command. */
function say(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
}
