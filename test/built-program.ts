import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const requireBanner = `import { createRequire as requireFor } from 'node:module';\nconst require = requireFor(import.meta.url);`;
let drafts = 0;

/**
 * Writes a program with its sources into one JavaScript file, and returns its path. Node starts this file in a tenth of the time that a
 * TypeScript loader needs to read the sources. So it suits tests that start a program several times.
 *
 * @param program TypeScript or JavaScript; its paths are relative to the checkout.
 * @param packages `bundle` writes the packages into the file too, so that a program with many of them starts faster.
 */
export async function builtProgram(program: string, packages: 'bundle' | 'external' = 'external'): Promise<string> {
  // The folder is inside node_modules, so that the file finds its packages. Two test files may build at the same time.
  const folder = join(root, 'node_modules', '.cache', 'rehearsal-programs');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${createHash('sha256').update(program).digest('hex').slice(0, 16)}-${process.pid}.mjs`);
  // A test may build the same program twice at the same time, so each build writes its own draft first.
  const draft = `${file}.draft-${drafts++}`;
  await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    outfile: draft,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages,
    // CommonJS packages load Node modules with `require`.
    ...(packages === 'bundle' ? { banner: { js: requireBanner } } : {}),
    logLevel: 'error',
  });
  renameSync(draft, file);
  // The program starts its tools through a second process, and the file of that process must be in the same folder (bundle.mjs).
  const starter = join(folder, 'starter-process.mjs');
  if (!existsSync(starter)) copyFileSync(join(root, 'sim', 'processes', 'starter-process.mjs'), starter);
  return file;
}
