import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the path of an engine or provider of the `openssl` on the PATH; undefined if that file is not installed. */
export function opensslPart(kind: 'engine' | 'provider', file: string): string | undefined {
  folders ??= readFolders();
  const folder = folders[kind];
  return folder !== undefined && existsSync(join(folder, file)) ? join(folder, file) : undefined;
}

let folders: { readonly engine: string | undefined; readonly provider: string | undefined } | undefined;

function readFolders(): NonNullable<typeof folders> {
  const output = spawnSync('openssl', ['version', '-e', '-m'], { encoding: 'utf8', timeout: 5000 }).stdout ?? '';
  return { engine: /ENGINESDIR: "(.+)"/.exec(output)?.[1], provider: /MODULESDIR: "(.+)"/.exec(output)?.[1] };
}
