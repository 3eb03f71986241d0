import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildBundle } from '../../cli/bundle/build.mjs';
import { externalPackages } from '../../cli/bundle/external-packages.mjs';
import { makeDeclarations } from './make-declarations.mjs';
import { noticesOf } from './notices.mjs';
import { packagesOf } from './packages-of.mjs';

/** Entry points of the published package. `main` is the command. A run starts `worker` as a process. */
const entries = {
  main: 'cli/main.ts',
  worker: 'cli/run/worker.ts',
  library: 'cli/library.ts',
  playwright: 'cli/run/playwright.ts',
  vitest: 'cli/lab/vitest.ts',
};

/**
 * Writes `lib`, all code of the published package: the bundle, its pages, the library for `import` and for `require`, the types, and the
 * notices of the bundled packages. Replaces an earlier `lib` only when the new folder is complete.
 *
 * @param {string} root the folder of the checkout.
 * @param {string} folder where `lib` is written. Default: the checkout.
 */
export async function makeLibrary(root, folder = root) {
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, 'lib-draft-'));
  try {
    const files = await buildBundle(root, draft, entries);
    await buildForRequire(root, join(draft, 'cjs'));
    await makeDeclarations(root, join(draft, 'types'));
    // `require` needs a second copy of the types, because the nearest package.json decides whether a file is an ES module.
    cpSync(join(draft, 'types'), join(draft, 'cjs', 'types'), { recursive: true });
    writeFileSync(join(draft, 'THIRD-PARTY-NOTICES.txt'), noticesOf(root, packagesOf(files)));
    openToAll(draft);
    rmSync(join(folder, 'lib'), { recursive: true, force: true });
    renameSync(draft, join(folder, 'lib'));
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Builds the library as one CommonJS file, for Jest, whose `require` cannot load ES modules. */
async function buildForRequire(root, folder) {
  await build({
    absWorkingDir: root,
    entryPoints: { library: entries.library },
    outdir: folder,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: externalPackages,
    // A CommonJS file has no `import.meta`, so this text defines a replacement for `import.meta.url`. The address is one folder higher,
    // because other files of the library, such as worker.js, are there.
    banner: {
      js: `const importMetaUrl = require('node:url').pathToFileURL(require('node:path').dirname(__filename)).href;`,
    },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
}

/** Makes the files readable for every user, whatever the umask is: root may install the package for other users. */
function openToAll(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else chmodSync(path, 0o644);
  }
}
