import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { PartMissing } from '../../core/part-missing.ts';
import { findLibrary } from './find-library.ts';

/** The way by which the host names of the services lead a program to the lab. */
export interface Names {
  /** Sentence for the history: how the names lead to the lab, and why the run chose this way. */
  readonly sentence: string;
  /** Program and arguments that start the command of the device; empty if the command starts directly. */
  readonly wrap: readonly string[];
  readonly preload: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Removes the host names while the device has no network. */
  readonly setOffline: (isOffline: boolean) => void;
}

/**
 * Makes the host names of the services lead to an address, without root rights. Uses Debian's resolver wrapper libnss-wrapper, or a private
 * mount namespace with its own /etc/hosts.
 * @param file path of the file with the names, which this function writes.
 * @throws PartMissing if libnss-wrapper is not installed and the kernel allows no private mount namespace.
 */
export async function openNames(file: string, address: string, hosts: readonly string[]): Promise<Names> {
  const lines = hosts.map((host) => `${address} ${host}\n`).join('');
  const local = '127.0.0.1 localhost\n';
  // The file keeps its inode, because the mount of the namespace refers to it.
  const setOffline = (isOffline: boolean): void => writeFileSync(file, isOffline ? local : `${local}${lines}`);
  setOffline(false);
  const library = findLibrary('libnss_wrapper.so');
  if (library !== undefined) {
    return {
      sentence: 'libnss-wrapper resolves the host names of the services to the lab; this needs no root rights',
      wrap: [],
      preload: [library],
      environment: { NSS_WRAPPER_HOSTS: file },
      setOffline,
    };
  }
  if (!mayUnshare()) throw new PartMissing('libnss-wrapper', 'apt-get install -y libnss-wrapper');
  return {
    sentence:
      'a private /etc/hosts in a mount namespace resolves the host names of the services to the lab, because libnss-wrapper is not installed',
    wrap: ['unshare', '--map-root-user', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', file],
    preload: [],
    environment: {},
    setOffline,
  };
}

function mayUnshare(): boolean {
  return (
    spawnSync('unshare', ['--map-root-user', '--mount', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0
  );
}
