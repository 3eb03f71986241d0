// Plain JavaScript, because it is what comes before TypeScript can be run.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeReportPage, makeStudioPage } from './page.mjs';

/** Entry points by the name of their file in the bundle; what they load later becomes files beside them. */
const entries = {
  main: 'cli/main.ts',
  'playwright.config': 'cli/playwright.config.ts',
  'playwright-reporter': 'cli/playwright-reporter.ts',
  'suite.spec': 'cli/suite.spec.ts',
};

/**
 * Folder of our sources and what they need of other packages, made into a few files of JavaScript: four processes of a run
 * load it, and each would spend a second on a thousand small files. It is made when the sources have changed, next to
 * them, and named after what they are, so that two that start at the same time do not disturb each other.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<string>}
 */
export async function bundled(root) {
  const folder = join(root, 'dist');
  const wanted = join(folder, nameOf(root));
  if (!existsSync(wanted)) await make(root, folder, wanted);
  return wanted;
}

/** @param {string} root */
function nameOf(root) {
  const hash = createHash('sha256').update(process.versions.node);
  for (const file of sources(root)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} root */
function sources(root) {
  const files = ['package.json'];
  for (const folder of ['cli', 'core', 'mocks', 'reports', 'sim']) {
    for (const file of readdirSync(join(root, folder), { recursive: true })) {
      if (/\.(ts|tsx|css|mjs)$/.test(String(file))) files.push(join(folder, String(file)));
    }
  }
  return files.toSorted();
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string} wanted
 */
async function make(root, folder, wanted) {
  const { build } = await import('esbuild');
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, 'draft-'));
  try {
    await build({
      absWorkingDir: root,
      entryPoints: entries,
      outdir: draft,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // Playwright Test must be the one that runs us; esbuild cannot be bundled.
      external: ['@playwright/test', 'esbuild'],
      // Packages in CommonJS ask for parts of Node in their own way.
      banner: {
        js: `import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);`,
      },
      define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
      logLevel: 'error',
    });
    // Runs as it is, in a process of its own.
    copyFileSync(join(root, 'sim', 'processes', 'starter-process.mjs'), join(draft, 'starter-process.mjs'));
    // What a run puts its data into.
    writeFileSync(join(draft, 'report-page.html'), await makeReportPage(root));
    writeFileSync(join(draft, 'studio-page.html'), await makeStudioPage(root));
    removeOld(folder);
    renameSync(draft, wanted);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else was as fast.
    if (!existsSync(wanted)) throw error;
  }
}

/**
 * Bundles of earlier sources go when they are a day old: what runs from one may still load a file of it.
 *
 * @param {string} folder
 */
function removeOld(folder) {
  const now = statSync(folder).mtimeMs;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (now - statSync(path).mtimeMs > 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}
