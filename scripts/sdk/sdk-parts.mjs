import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the parts is in node_modules, so that `npm ci` removes it and no tool of this project reads it. */
const home = join('node_modules', '.cache', 'rehearsal');

/**
 * The parts for tests with the SDKs of other languages and with other versions of Node, installed from package registries. `npm start` does
 * not need them. `sources` are the files and folders that a part depends on; `made` is a file or folder that exists if the part was
 * installed.
 */
const parts = [
  {
    name: 'python',
    what: "the Python packages of Azure's SDKs",
    folder: join(home, 'python'),
    sources: ['test/sdk/python/requirements.txt'],
    made: join('bin', 'python'),
  },
  {
    name: 'java',
    what: "the Java packages of Azure's SDKs, and our programs for them",
    folder: join(home, 'java'),
    sources: ['test/sdk/java/pom.xml', 'test/sdk/java/src'],
    made: 'lib',
  },
  {
    name: 'node',
    what: 'other versions of Node',
    folder: join(home, 'node'),
    sources: ['test/node-versions/package-lock.json', 'test/node-versions/package.json'],
    made: join('node_modules', 'node24', 'bin', 'node'),
    // These npm packages contain the Node program for Linux on x64 only.
    isElsewhere: process.platform !== 'linux' || process.arch !== 'x64',
  },
];

/**
 * Returns the parts that are missing, and the parts that are older than a change of their sources. Returns an empty list for `npm start`,
 * which needs no such parts.
 */
export function missingSdkParts(root, isForTests) {
  return isForTests ? parts.filter((part) => !part.isElsewhere && !isMade(root, part)) : [];
}

/**
 * Returns the file with the digest of the sources of a part. An installation writes this file last, so it shows that the part is complete.
 */
export function stampOf(root, part) {
  return { file: join(root, part.folder, 'made-from'), digest: digestOf(root, part) };
}

function isMade(root, part) {
  // If a clone does not contain these tests, it does not need the part.
  if (!existsSync(join(root, part.sources[0]))) return true;
  const { file, digest } = stampOf(root, part);
  return existsSync(join(root, part.folder, part.made)) && textOf(file) === digest;
}

function digestOf(root, { sources }) {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => filesIn(root, source))) {
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function filesIn(root, path) {
  const place = join(root, path);
  if (!existsSync(place)) return [];
  try {
    return readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort();
  } catch {
    return [path];
  }
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
