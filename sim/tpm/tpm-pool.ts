import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openRunDirectory } from './state-dirs.ts';

/**
 * States of TPMs that this process has manufactured. In TPM 2.0, a primary key depends only on seed and template (Part 1 14.4). A TPM with
 * the same seed would therefore compute the same keys again, with 40 to 100 ms of processor time for each RSA key. The TPMs of a world have
 * different slots, and so different seeds. Two worlds of one process can have TPMs with the same seed.
 *
 * The states are files in a private folder that ends with the process. No state comes from another run.
 */
export class TpmPool {
  #folder: string | undefined;
  /** Folder of each stored TPM state, by the slot and the keys of the TPM. */
  readonly #states = new Map<string, string>();

  /** True if the pool keeps the TPMs of a slot. The pool has a limit, because no later world needs the TPMs of a large fleet. */
  holds(slot: number): boolean {
    return slot < slots;
  }

  /** Returns true if the pool has this state. @param keys names of the keys in the TPM, in the order in which they were made. */
  has(slot: number, keys: readonly string[]): boolean {
    return this.#states.has(nameOf(slot, keys));
  }

  /** Copies a state into the state directory of a TPM without power. Returns false if the pool does not have the state. */
  take(slot: number, keys: readonly string[], stateDir: string): boolean {
    const name = nameOf(slot, keys);
    const folder = this.#states.get(name);
    if (folder === undefined) return false;
    try {
      copyState(folder, stateDir);
      return true;
    } catch {
      // Another program has removed the folder for temporary files. The TPM then makes its keys itself.
      this.#states.delete(name);
      return false;
    }
  }

  /** Keeps a copy of the state of a TPM, which must not execute a command meanwhile. Returns false if the copy fails. */
  keep(slot: number, keys: readonly string[], stateDir: string): boolean {
    try {
      this.#folder ??= openRunDirectory().subdirectory('tpm-pool');
      const folder = join(this.#folder, String(this.#states.size));
      mkdirSync(folder, { mode: 0o700, recursive: true });
      copyState(stateDir, folder);
      this.#states.set(nameOf(slot, keys), folder);
      return true;
    } catch {
      // The pool only saves time, so the run continues without it.
      this.#folder = undefined;
      return false;
    }
  }
}

/** The pool of this process. */
export const tpmPool = new TpmPool();

const slots = 256;

function nameOf(slot: number, keys: readonly string[]): string {
  return [slot, ...keys].join(' > ');
}

/** Copies the files of a TPM. swtpm locks the file `.lock` while it runs. */
function copyState(from: string, to: string): void {
  for (const name of readdirSync(from)) if (name !== '.lock') copyFileSync(join(from, name), join(to, name));
}
