import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { PackAnswer } from './pack-server.ts';

/** The package as users get it: its tarball, and a folder in which it is installed. */
export interface Packed {
  readonly tarball: string;
  readonly folder: string;
  /** Path of the installed package in `node_modules` of the folder. */
  readonly installed: string;
  remove(): void;
}

/**
 * Installs the packed package as a user does, but without the npm registry, so this function also packs the only dependency of the package.
 */
export async function packAndInstall(): Promise<Packed> {
  const tarballs = await packedOnce();
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-package-'));
  mkdirSync(join(folder, 'project'));
  writeFileSync(join(folder, 'project', 'package.json'), '{ "private": true, "type": "module" }\n');
  const words = ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', ...tarballs];
  execFileSync('npm', words, { cwd: join(folder, 'project'), stdio: 'pipe', timeout: 120_000 });
  return {
    tarball: tarballs[0] ?? '',
    folder: join(folder, 'project'),
    installed: join(folder, 'project', 'node_modules', 'dps-rehearsal'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Unpacks the package into a new folder. Its dependency must be in a `node_modules` above the folder. */
export async function unpackInto(folder: string): Promise<void> {
  const [tarball = ''] = await packedOnce();
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components', '1'], { stdio: 'pipe', timeout: 60_000 });
}

/** Returns the paths of the tarballs, which are packed once for all test files of a run (pack-server.ts). */
async function packedOnce(): Promise<readonly string[]> {
  const answer: PackAnswer = await new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: inject('packServerPort'), agent: false }, (response) => {
      text(response).then((body) => resolve(JSON.parse(body)), reject);
    });
    request.setTimeout(360_000, () => request.destroy(new Error('the package was not packed within 6 minutes')));
    request.once('error', reject);
  });
  if ('problem' in answer) throw new Error(`npm pack failed: ${answer.problem}`);
  return answer.tarballs;
}
