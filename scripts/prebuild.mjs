#!/usr/bin/env node
// Builds the bundle of a checkout and the library of the package. npm runs this script as `prepare`: at the end of `npm ci` in a clone,
// before it packs the package, and when it installs the package from the repository.
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const missing = ['esbuild', 'vite', 'typescript'].filter((name) => !isInstalled(name));
if (missing.length === 0) {
  const { bundled } = await import('../cli/bundle/bundle.mjs');
  const { makeLibrary } = await import('./package/make-library.mjs');
  await bundled(root);
  await makeLibrary(root);
} else {
  // After `npm ci --omit=dev` in a clone, the build tools are missing, so this script builds nothing. The first start of rehearse prints
  // what to do.
  process.stderr.write(
    `The bundle was not built, because ${missing.join(', ')} is not installed. Run \`npm ci\` first.\n`,
  );
  if (['pack', 'publish'].includes(process.env.npm_command ?? '')) process.exitCode = 1;
}

function isInstalled(name) {
  try {
    createRequire(import.meta.url).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
