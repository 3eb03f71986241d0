// This file is plain JavaScript, because it runs before the TypeScript sources can be loaded. It needs esbuild and vite, which a published
// package does not contain.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { externalPackages } from './external-packages.mjs';
import { makeLivePage, makeReportPage, makeStudioPage } from './page.mjs';

/**
 * Writes the bundle into a folder: JavaScript files for the entry points, the pages, and the files that a run starts or compiles. The
 * bundler writes each module of a dynamic `import()` into a separate file in the same folder.
 *
 * @param {string} root the folder of the sources.
 * @param {string} folder an existing folder.
 * @param {Readonly<Record<string, string>>} entries name of the output file, and source file.
 * @returns {Promise<readonly string[]>} paths of the bundled files relative to `root`, including those of packages.
 */
export async function buildBundle(root, folder, entries) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: externalPackages,
    metafile: true,
    // Bundled CommonJS packages call `require`, which does not exist in an ES module; this text at the top of each file defines it.
    banner: {
      js: `import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);`,
    },
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    logLevel: 'error',
  });
  // A run starts this file as a separate process, so it is not part of the bundle.
  copyFileSync(join(root, 'sim', 'processes', 'starter-process.mjs'), join(folder, 'starter-process.mjs'));
  // A run compiles this C file into the library that gives device programs the virtual time.
  copyFileSync(join(root, 'sim', 'programs', 'time-library.c'), join(folder, 'time-library.c'));
  // HTML pages without data. A run or a server inserts the data.
  const pages = {
    'report-page.html': makeReportPage,
    'studio-page.html': makeStudioPage,
    'live-page.html': makeLivePage,
  };
  const inPages = [];
  for (const [name, make] of Object.entries(pages)) {
    const page = await make(root);
    writeFileSync(join(folder, name), page.html);
    inPages.push(...page.files);
  }
  return [...Object.keys(metafile.inputs), ...inPages];
}
