import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { packageRoot } from '../../cli/package-root.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Port of the server that packs the package once for all test files of this run. */
    readonly packServerPort: number;
  }
}

/** The tarballs of the package and of its one dependency, or the reason why there are none. */
export type PackAnswer = { readonly tarballs: readonly string[] } | { readonly problem: string };

/**
 * Starts the server in the process of vitest, before the tests. It packs when the first test file asks, because `npm pack` builds the whole
 * library, which takes longer than most tests.
 *
 * @returns the function that vitest calls after the tests.
 */
export default async function startPackServer(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-pack-'));
  let packed: Promise<PackAnswer> | undefined;
  const server = createServer((_, response) => {
    packed ??= packAll(folder);
    void packed.then((answer) => response.end(JSON.stringify(answer)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('packServerPort', (server.address() as AddressInfo).port);
  return async () => {
    server.close();
    server.closeAllConnections();
    await packed;
    rmSync(folder, { recursive: true, force: true });
  };
}

async function packAll(folder: string): Promise<PackAnswer> {
  try {
    const tarballs = [];
    for (const source of [packageRoot, join(packageRoot, 'node_modules', 'tinypool')]) {
      tarballs.push(await pack(source, folder));
    }
    return { tarballs };
  } catch (error) {
    return { problem: String(error) };
  }
}

/** Returns the path of the tarball. */
async function pack(source: string, folder: string): Promise<string> {
  const words = ['pack', '--json', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', words, { cwd: source, encoding: 'utf8', timeout: 240_000 });
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
  return join(folder, packed?.filename ?? '');
}
