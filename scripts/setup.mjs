#!/usr/bin/env node
// Installs what a clone still lacks: npm runs it before `npm start` and `npm test`. It needs nothing but Node, because
// on a fresh clone there is nothing else. Ends with 0 when all is there, 2 for a wrong argument, 3 when something is
// missing that it could not install.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingPackage } from './setup/missing-package.mjs';
import { missingPrograms } from './setup/missing-programs.mjs';
import { missingSdkParts } from './sdk/sdk-parts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isBeforeTests = process.env.npm_lifecycle_event === 'pretest';
/** Whether what only the tests use is wanted too. */
const isForTests = isBeforeTests || process.argv.includes('--test');
/** At a desk the tests that need a missing program are skipped and say so; a gate must not be so kind. */
const isForgiving = isBeforeTests && !process.env.CI;

process.exitCode = await setUp();

async function setUp() {
  const wrong = process.argv.slice(2).find((word) => word !== '--test');
  if (wrong !== undefined) {
    say(`unknown argument ${wrong}; the only one is --test`);
    return 2;
  }
  if (isNodeTooOld()) {
    say(`Rehearsal needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
    return 3;
  }
  // The usual case: no lock is taken, no process started, nothing printed, and not even the rest of the code loaded.
  if (
    missingPackage(root, isForTests) === undefined &&
    missingPrograms(isForTests).length === 0 &&
    missingSdkParts(root, isForTests).length === 0
  ) {
    return 0;
  }
  const { alone } = await import('./alone.mjs');
  return alone(root, say, install);
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
  say(isForTests ? 'Tests that need what is missing will be skipped.' : 'Models stand in for it, and runs say where.');
  return 0;
}

function isNodeTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major < 20 || (major === 20 && minor < 19);
}

/** To stderr, so that stdout stays what the command itself has to say. */
function say(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
}
