import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const path = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
const running = new Set();

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
for (const [signal, code] of Object.entries(exitCodes)) {
  process.once(signal, () => {
    // The terminal also sends Ctrl-C to the child processes. A second signal would kill them before they can clean up.
    if (signal !== 'SIGINT') for (const child of running) child.kill(signal);
    process.exit(code);
  });
}

/**
 * Runs a program in the checkout. If `output` is `inherit`, the program prints to the streams of this process. If it is `pipe`, returns the
 * output. `failure` describes the failure; it is undefined after exit code 0. `niceness` is the priority of the program and of the processes
 * that it starts: from 0 (usual) to 19 (lowest).
 */
export function start([program, ...words], output, variables = {}, niceness = 0) {
  return new Promise((resolve) => {
    const child = spawn(program === 'node' ? process.execPath : program, words, {
      cwd: root,
      stdio: ['ignore', output, output],
      env: { ...process.env, PATH: path, ...variables },
      // On Windows the programs in node_modules are batch files, which need a shell. The shell is no risk, because all words are constants.
      shell: process.platform === 'win32' && program !== 'node',
    });
    running.add(child);
    // A program that did not start has no process ID.
    if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (printed += text));
    const end = (code, failure) => {
      running.delete(child);
      resolve({ code, failure, output: printed });
    };
    child.once('error', (error) => end(null, `${program} did not start (${error.message})`));
    child.once('close', (code, signal) => {
      if (signal !== null) return end(null, `${program} was ended by ${signal}`);
      end(code, code === 0 ? undefined : `${program} ended with code ${code}`);
    });
  });
}
