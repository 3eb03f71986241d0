import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../cli/package-root.ts';

/** The package as users get it: its tarball, and a folder in which it is installed. */
export interface Packed {
  readonly tarball: string;
  readonly folder: string;
  /** The package in `node_modules` of the folder. */
  readonly installed: string;
  remove(): void;
}

/** Packs the package and installs it as a user does, without the registry: its one dependency is packed too. */
export function packAndInstall(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-package-'));
  const tarballs = [packageRoot, join(packageRoot, 'node_modules', 'tinypool')].map((source) => pack(source, folder));
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

/** Returns the path of the tarball. */
function pack(source: string, folder: string): string {
  const words = ['pack', '--json', '--pack-destination', folder];
  const [packed] = JSON.parse(
    execFileSync('npm', words, { cwd: source, encoding: 'utf8', stdio: 'pipe', timeout: 240_000 }),
  ) as readonly { readonly filename: string }[];
  return join(folder, packed?.filename ?? '');
}
