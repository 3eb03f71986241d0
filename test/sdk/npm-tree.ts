import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

const transport = 'azure-iot-provisioning-device-amqp';

/**
 * Microsoft's AMQP transport as npm installs it without other packages of Microsoft: its base next to it, and a copy
 * of their common library below each. In this repository npm puts the base below the transport, and both share
 * one copy, because more of Microsoft's packages are installed. All files are unmodified.
 */
export class NpmTree {
  readonly #root = mkdtempSync(join(tmpdir(), 'rehearse-npm-'));
  /** The file from which the transport is resolved. */
  readonly from = join(this.#root, 'firmware.js');

  constructor() {
    const modules = join(this.#root, 'node_modules');
    const fromTransport = createRequire(createRequire(import.meta.url).resolve(transport));
    const home = homeOf(fromTransport, transport);
    const common = homeOf(fromTransport, 'azure-iot-common');
    for (const [name, place] of [
      [transport, home],
      ['azure-iot-amqp-base', homeOf(fromTransport, 'azure-iot-amqp-base')],
    ] as const) {
      copyPackage(place, join(modules, name));
      copyPackage(common, join(modules, name, 'node_modules', 'azure-iot-common'));
    }
    // Everything else is equal for both.
    linkAll(join(home, 'node_modules'), modules);
    linkAll(dirname(home), modules);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}

/** Returns the path of a package as another package resolves it. */
function homeOf(require: NodeJS.Require, name: string): string {
  const file = require.resolve(name);
  const end = file.lastIndexOf(`${sep}node_modules${sep}${name}${sep}`);
  return realpathSync(join(file.slice(0, end), 'node_modules', name));
}

function copyPackage(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (file) => !file.slice(from.length).includes('node_modules') });
}

/** Links the packages that are missing. */
function linkAll(from: string, to: string): void {
  const present = new Set(readdirSync(to));
  for (const name of readdirSync(from)) {
    if (!present.has(name)) symlinkSync(join(from, name), join(to, name));
  }
}
