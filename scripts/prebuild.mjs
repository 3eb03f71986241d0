#!/usr/bin/env node
// Builds the bundle at the end of `npm ci` in a clone, and before the package is packed, because root may install it for a user who cannot
// write to the folder. npm runs this script as `prepare`.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundled } from '../cli/bundle/bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = await bundled(root);
// Removes the bundles of earlier sources. A draft stays: another process is building it.
if (['pack', 'publish'].includes(process.env.npm_command ?? '') && dirname(bundle) === join(root, 'dist')) {
  for (const name of readdirSync(dirname(bundle))) {
    if (/^[0-9a-f]{16}$/.test(name) && name !== basename(bundle))
      rmSync(join(root, 'dist', name), { recursive: true, force: true });
  }
}
