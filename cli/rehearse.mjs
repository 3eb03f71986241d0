#!/usr/bin/env node
// This file is plain JavaScript that every version of Node runs, so that an old Node or a missing package gives a clear message.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { environmentMessage } from './process/environment-message.mjs';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  stop(`rehearse needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
}
// Until a command installs its own signal handlers, a signal ends the process with the exit code that those handlers would use.
for (const [signal, exitCode] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => process.listenerCount(signal) === 1 && process.exit(exitCode));
}
// While a scenario runs, the run has installed its own handler, and this handler does nothing.
process.on('uncaughtException', (error) => {
  if (process.listenerCount('uncaughtException') === 1) stop(environmentMessage(error) ?? internalError(error));
});
try {
  // A published package has its bundle in `lib`, and no sources.
  const isPackage = !existsSync(join(folder, 'cli', 'main.ts'));
  const bundle = isPackage ? join(folder, 'lib') : await (await import('./bundle/bundle.mjs')).bundled(folder);
  // Node 22 and newer cache compiled code. The cache is in the bundle folder, because rehearse must leave no files in the folder for
  // temporary files.
  module.enableCompileCache?.(join(bundle, 'compile-cache'));
  // The bundle has the compiled sources: its main.js is cli/main.ts.
  const { main } = await import(pathToFileURL(`${bundle}/main.js`).href);
  await main(process.argv);
} catch (error) {
  if (error?.name === 'BundlePlaceMissing') stop(error.message);
  if (isPackageMissing(error)) {
    const command = existsSync(`${folder}/package-lock.json`) ? 'npm ci' : 'npm install';
    stop(
      `rehearse cannot find a package that it needs. Run \`${command}\` in ${folder} and try again.\n${error.message}`,
    );
  }
  stop(environmentMessage(error) ?? internalError(error));
}

/** Returns true if the error reports a missing package, and false if it reports a missing file of rehearse. */
function isPackageMissing(error) {
  return error?.code === 'ERR_MODULE_NOT_FOUND' && /Cannot find package/.test(error.message);
}

function internalError(error) {
  return `Internal error in rehearse. Please report it with these lines:\n${error?.stack ?? error}`;
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(3);
}
