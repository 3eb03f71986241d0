import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The reason why tests with Debian's tpm2-tools are skipped; undefined if the tools are installed. In CI these tests fail if a tool is
 * missing.
 */
export const toolsMissing = ((): string | undefined => {
  if (spawnSync('tpm2_makecredential', ['--version']).status === 0) return undefined;
  const reason = 'tpm2-tools are not installed; run: apt-get install tpm2-tools';
  if (process.env['CI']) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
  return reason;
})();

/**
 * Makes a TPM credential without a TPM. The tool does the work of the service, with no code of this repository. Returns the file that
 * tpm2_makecredential writes.
 */
export function toolMakeCredential(
  folder: string,
  names: { readonly ek: string; readonly secret: string; readonly objectName: Buffer },
): Buffer {
  const out = join(folder, 'made.cred');
  const args = ['-T', 'none', '-u', names.ek, '-s', names.secret, '-n', names.objectName.toString('hex'), '-o', out];
  execFileSync('tpm2_makecredential', args, { stdio: 'ignore' });
  return readFileSync(out);
}

/** Starts a TPM on a state directory, runs tools against it, and stops it. */
export async function withToolTpm(
  stateDir: string,
  folder: string,
  work: (tool: Tool) => Promise<void>,
): Promise<void> {
  const [socket, pid] = [join(folder, 'tpm.sock'), join(folder, 'tpm.pid')];
  const server = ['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`];
  // This command returns when the daemon has opened its sockets, so no wait is needed.
  const daemon = ['--daemon', '--pid', `file=${pid}`, '--flags', 'not-need-init,startup-clear'];
  execFileSync('swtpm', ['socket', '--tpm2', '--tpmstate', `dir=${stateDir},mode=0600`, ...server, ...daemon], {
    stdio: 'ignore',
  });
  const environment = { ...process.env, TPM2TOOLS_TCTI: `swtpm:path=${socket}` };
  try {
    await work(async (name, ...args) => {
      await promisify(execFile)(name, args, { env: environment, cwd: folder, timeout: 30_000 });
    });
  } finally {
    // The kernel closes the control connection when the process ends, and another TPM can lock the state only after that.
    const control = connect(`${socket}.ctrl`).resume();
    await once(control, 'connect');
    // `once` would reject at ECONNRESET, with which the connection ends if swtpm has not accepted it yet.
    const ended = new Promise((closed) => control.on('error', () => {}).once('close', closed));
    process.kill(Number(readFileSync(pid, 'utf8')));
    await ended;
  }
}

/** Runs one of the tpm2-tools. Rejects with the output of the tool if it fails. */
export type Tool = (name: string, ...args: readonly string[]) => Promise<void>;
