import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

const transport = 'azure-iot-provisioning-device-amqp';

/**
 * The AMQP transport of the Node SDK as npm installs it if no other packages of the SDK are installed: the transport and its base package
 * side by side, each with its own copy of their common library. In this repository, which has more packages of the SDK, npm puts the base
 * below the transport, and both use one copy. All files are unmodified.
 */
export class NpmTree {
  readonly #root = mkdtempSync(join(tmpdir(), 'rehearse-npm-'));
  /** The file from which Node resolves the transport. */
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
    // The transport package and the base package share all other packages.
    linkAll(join(home, 'node_modules'), modules);
    linkAll(dirname(home), modules);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true });
  }
}

/** Returns the path of a package as Node resolves it from another package. */
function homeOf(require: NodeJS.Require, name: string): string {
  const file = require.resolve(name);
  const end = file.lastIndexOf(`${sep}node_modules${sep}${name}${sep}`);
  return realpathSync(join(file.slice(0, end), 'node_modules', name));
}

function copyPackage(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (file) => !file.slice(from.length).includes('node_modules') });
}

/** Creates links in the second node_modules folder to the packages that only the first folder has. */
function linkAll(from: string, to: string): void {
  const present = new Set(readdirSync(to));
  for (const name of readdirSync(from)) {
    if (!present.has(name)) symlinkSync(join(from, name), join(to, name));
  }
}
