import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The result of a program that has ended. */
export interface Ended {
  /** Exit code of the program; null if it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface NetworkSettings {
  /** Host names that resolve to 127.0.0.1 in the new network. */
  readonly hosts: readonly string[];
  /** For each port of the new network, the port of the computer to which it is forwarded. */
  readonly ports: Readonly<Record<number, number>>;
  /** PEM of the only root certificate that the new network trusts. */
  readonly root: string;
}

/**
 * Creates a separate network for clients that always use the hosts and ports of Azure. In it, the host names of Azure resolve to 127.0.0.1,
 * its ports are forwarded to the mock, and the root of the mock is in the system bundle, as an administrator would install it. The clients
 * are unmodified.
 */
export class Network {
  /** A folder for the files of programs. `close` removes the folder together with the network. */
  readonly folder = mkdtempSync(join(tmpdir(), 'rehearsal-network-'));
  readonly #servers: Server[] = [];
  readonly #running = new Set<ChildProcess>();
  #holder: ChildProcess | undefined;

  static async open({ hosts, ports, root }: NetworkSettings): Promise<Network> {
    const network = new Network();
    network.file('hosts', `127.0.0.1 localhost ${hosts.join(' ')}\n`);
    network.file('root.pem', root);
    for (const [inside, outside] of Object.entries(ports)) await network.#passOn(inside, outside);
    await network.#hold(Object.keys(ports));
    return network;
  }

  /** Path of the PEM file with the root of the mock. */
  get root(): string {
    return join(this.folder, 'root.pem');
  }

  /** Writes a file for a program and returns its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Starts a program in the network. The program is killed when the network is closed. */
  start(program: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram {
    const place = ['--target', String(this.#holder?.pid), ...(isRoot() ? [] : userWords.enter), '--net', '--mount'];
    // A process that enters a mount namespace starts in the root folder, so the option sets its working folder.
    const child = spawn('nsenter', [...place, `--wd=${this.folder}`, '--', program, ...words], {
      env: { PATH: process.env['PATH'], HOME: this.folder, ...env },
      stdio: 'pipe',
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  /** Runs a program in the network and waits until it ends. */
  async run(program: string, words: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
    const child = this.start(program, words, env);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.end();
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  async close(): Promise<void> {
    const ended = [...this.#running, ...(this.#holder === undefined ? [] : [this.#holder])].map((child) => {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      return closed;
    });
    await Promise.all(ended);
    for (const server of this.#servers) server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Forwards connections to a Unix socket in the folder to a port of the mock. */
  async #passOn(name: string, port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const service = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      for (const [from, to] of [
        [client, service],
        [service, client],
      ] as const) {
        from.pipe(to);
        from.on('error', () => to.destroy()).on('close', () => to.destroySoon());
      }
    });
    server.listen(join(this.folder, name));
    await once(server, 'listening');
    this.#servers.push(server);
  }

  /** Starts a process in the network. The network exists as long as the process runs. */
  async #hold(ports: readonly string[]): Promise<void> {
    const relay = [process.execPath, join(import.meta.dirname, 'relay.mjs'), this.folder, ...ports];
    const setUp = ['ip link set lo up', `mount --bind '${this.folder}/hosts' /etc/hosts`];
    if (existsSync(systemBundle)) setUp.push(`mount --bind '${this.root}' ${systemBundle}`);
    const script = [...setUp, 'exec "$@"'].join(' && ');
    const words = [...(isRoot() ? [] : userWords.make), '--net', '--mount', 'sh', '-c', script, 'sh', ...relay];
    const holder = spawn('unshare', words, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#holder = holder;
    let complaint = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    const lines = createInterface({ input: holder.stdout });
    const first = await Promise.race([once(lines, 'line'), once(holder, 'close')]);
    if (first[0] !== 'ready') throw new Error(`the network was not created: ${complaint}`);
  }
}

/** A running program with its standard input and its outputs. */
export interface RunningProgram extends ChildProcess {
  readonly stdin: NonNullable<ChildProcess['stdin']>;
  readonly stdout: NonNullable<ChildProcess['stdout']>;
  readonly stderr: NonNullable<ChildProcess['stderr']>;
}

/** The default locations of the bundle of trusted roots on Linux. */
const systemBundle = '/etc/ssl/certs/ca-certificates.crt';

/** Options of `unshare` and `nsenter` for users other than root, who also need a user namespace. */
const userWords = { make: ['--user', '--map-root-user'], enter: ['--user', '--preserve-credentials'] } as const;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The reason why no separate network can be created here; undefined if it can. In CI the tests then fail; elsewhere they are skipped
 * with this reason.
 */
export const networkMissing = ((): string | undefined => {
  const words = [...(isRoot() ? [] : userWords.make), '--net', '--mount', 'sh', '-c', 'ip link set lo up'];
  const { status, error, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
  if (status === 0) return undefined;
  const reason = `no network namespace can be made: ${error?.message ?? stderr.trim()}`;
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();
