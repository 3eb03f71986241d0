// This file is plain JavaScript, because it runs before the TypeScript sources can be loaded.
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { externalPackages } from './external-packages.mjs';

/** Entry points of the bundle: name of the output file, and source file. */
const entries = { main: 'cli/main.ts', playwright: 'cli/run/playwright.ts', worker: 'cli/run/worker.ts' };

/**
 * Returns the folder of the bundle: the sources and their packages as a few JavaScript files. Each process of a run loads the bundle,
 * because loading a thousand source files would take a second. The name of the folder is a hash of the sources, so that a changed source
 * gives another bundle and two processes that start at the same time do not conflict.
 *
 * After `npm ci`, the bundle is in `dist`. If it is missing, this function builds it: in `dist`, or in the cache folder of the user if the
 * checkout belongs to another user or is read-only. A published package does not call this function, because its bundle is `lib`.
 *
 * @param {string} root the folder that rehearse is installed in.
 * @returns {Promise<string>}
 * @throws {BundlePlaceMissing} if this user can write to neither folder.
 */
export async function bundled(root) {
  const name = nameOf(root);
  const prebuilt = join(root, 'dist', name);
  if (existsSync(join(prebuilt, 'main.js'))) return prebuilt;
  if (canHold(join(root, 'dist'))) return made(root, join(root, 'dist'), name);
  const cache = cacheFolder();
  // Two installations may have the same sources but different packages, so the name of the cached bundle also depends on the path of the
  // installation.
  const cached = createHash('sha256').update(`${root}\0${name}`).digest('hex').slice(0, 16);
  if (cache !== undefined && existsSync(join(cache, cached, 'main.js'))) return join(cache, cached);
  if (cache === undefined || !canHold(cache)) {
    throw new BundlePlaceMissing(
      `rehearse must build its bundle once, and can write neither ${join(root, 'dist')} nor ${cache ?? 'a cache folder (HOME is not set)'}. Run \`rehearse --version\` once as the owner of ${root}, or set XDG_CACHE_HOME to a folder that this user can write.`,
    );
  }
  return made(root, cache, cached, (draft) => linkToInstallation(root, draft));
}

/**
 * Thrown if this process can write the bundle neither into the installation nor into the cache folder of the user. The message says what to
 * do.
 */
class BundlePlaceMissing extends Error {
  name = 'BundlePlaceMissing';
}

/**
 * @returns {string | undefined} the folder in which bundles of this user are cached (XDG Base Directory Specification); undefined if HOME
 * is not set.
 */
function cacheFolder() {
  const { XDG_CACHE_HOME, HOME } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, 'rehearse');
  return HOME ? join(HOME, '.cache', 'rehearse') : undefined;
}

/**
 * Creates the folder if it is missing. Returns true if files can be created in it.
 *
 * @param {string} folder
 */
function canHold(folder) {
  try {
    mkdirSync(folder, { recursive: true });
    rmSync(mkdtempSync(join(folder, 'draft-')), { recursive: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Creates symbolic links in a bundle outside the installation. By these links the bundle finds the installed packages and files.
 *
 * @param {string} root
 * @param {string} draft
 */
function linkToInstallation(root, draft) {
  symlinkSync(join(root, 'package.json'), join(draft, 'package.json'));
  const { resolve } = createRequire(join(root, 'package.json'));
  for (const name of externalPackages) {
    const link = join(draft, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    try {
      symlinkSync(dirname(resolve(`${name}/package.json`)), link);
    } catch (error) {
      // Playwright Test is an optional peer dependency, so it may not be installed.
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
}

/** @param {string} root */
function nameOf(root) {
  const hash = createHash('sha256');
  for (const file of sources(root)) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** @param {string} root */
function sources(root) {
  const files = ['cli', 'core', 'mocks', 'reports', 'sim'].flatMap((folder) => filesBelow(root, folder));
  return ['package.json', ...files.filter((file) => /\.(ts|tsx|css|mjs)$/.test(file))].toSorted();
}

/**
 * Returns the paths of all files in a folder and its subfolders, relative to `root`. Every start of rehearse in a checkout calls this
 * function. So it does not use the option `recursive` of `readdirSync`, which takes ten times as long.
 *
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

/**
 * Builds a bundle in the folder `name` below `folder`.
 *
 * @param {string} root
 * @param {string} folder
 * @param {string} name
 * @param {(draft: string) => void} finish adds further files to the finished bundle, such as links to the installation.
 */
async function made(root, folder, name, finish = () => {}) {
  const wanted = join(folder, name);
  const { buildBundle } = await import('./build.mjs');
  const draft = mkdtempSync(join(folder, 'draft-'));
  try {
    await buildBundle(root, draft, entries);
    finish(draft);
    openToAll(draft);
    removeOld(folder);
    renameSync(draft, wanted);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another process may have built the same bundle at the same time.
    if (!existsSync(join(wanted, 'main.js'))) throw error;
  }
  return wanted;
}

/**
 * Makes the bundle readable for every user, whatever the umask is: root may install rehearse for other users. The draft folder has mode
 * 0700 until then.
 *
 * @param {string} folder
 */
function openToAll(folder) {
  chmodSync(folder, 0o755);
  for (const file of readdirSync(folder, { withFileTypes: true })) {
    if (file.isFile()) chmodSync(join(folder, file.name), 0o644);
  }
}

/**
 * Removes bundles that are older than a day. A younger bundle of earlier sources may still be in use by a running process.
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
