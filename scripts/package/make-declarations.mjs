import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';

/** The sources of the library whose types are published. */
const entries = ['cli/library.ts', 'cli/run/playwright.ts', 'cli/lab/vitest.ts'];

/**
 * Writes the declarations that the library needs, in the tree of the sources.
 *
 * @param {string} root the folder of the checkout.
 * @param {string} folder
 * @throws Error with the messages of the compiler.
 */
export async function makeDeclarations(root, folder) {
  const draft = mkdtempSync(join(root, 'node_modules', '.declarations-'));
  try {
    const config = join(draft, 'tsconfig.json');
    const compilerOptions = {
      declaration: true,
      emitDeclarationOnly: true,
      outDir: join(draft, 'out'),
      rootDir: root,
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    const files = [...entries, 'mocks/listeners/amqp/framing/rhea-frames.d.ts'].map((file) => join(root, file));
    writeFileSync(
      config,
      JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], exclude: [], files }),
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [compiler(root), '--project', config], {
      encoding: 'utf8',
      timeout: 300_000,
    });
    if (status !== 0) throw new Error(`the types of the package cannot be written:\n${stdout}${stderr}`);
    copyUsed(join(draft, 'out'), folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function compiler(root) {
  const { resolve } = createRequire(join(root, 'package.json'));
  return join(dirname(resolve('typescript/package.json')), 'bin', 'tsc');
}

/** Copies the declarations of the entry points, and all declarations that they import directly or indirectly. */
function copyUsed(from, to) {
  const waiting = entries.map((file) => file.replace(/\.ts$/, '.d.ts'));
  const known = new Set(waiting);
  for (const file of waiting) {
    const text = readFileSync(join(from, file), 'utf8');
    const rewritten = text.replaceAll(/(from |import\()(['"])([^'"]+)\2/g, (_, before, quote, name) => {
      if (name === 'zod') return `${before}${quote}${posix.relative(dirname(file), 'zod.js')}${quote}`;
      if (!name.startsWith('.')) return `${before}${quote}${name}${quote}`;
      const declared = posix.join(posix.dirname(file), name.replace(/\.ts$/, '.d.ts'));
      if (!known.has(declared)) waiting.push(declared);
      known.add(declared);
      return `${before}${quote}${name.replace(/\.ts$/, '.js')}${quote}`;
    });
    mkdirSync(dirname(join(to, file)), { recursive: true });
    writeFileSync(join(to, file), rewritten);
  }
  writeFileSync(join(to, 'zod.d.ts'), zodTypes);
}

/** The two types of zod that the declarations use, so that the package needs no zod. */
const zodTypes = `export declare namespace z {
  interface ZodType<Output = unknown> {
    readonly _zod: { readonly output: Output };
  }
  type output<Schema> = Schema extends { readonly _zod: { readonly output: infer Output } } ? Output : never;
}
`;
