import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Ready } from '../../../../cli/serve/ready.ts';
import { command } from '../../run-inline.ts';

/** A `rehearse serve` process that is ready, for use outside of a test framework. */
export interface ServeProcess {
  readonly child: ChildProcess;
  readonly ready: Ready;
  /** Returns the stderr of the lab so far. */
  stderr(): string;
  /** Sends a signal to the lab. Returns its exit code, or null if the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/**
 * Starts `rehearse serve` on free ports in a folder. @param of.path `rehearse.mjs` of another version. Default: the version in this
 * repository. @param of.nodeArguments options of Node. Default: none. @throws Error with stderr if the process ends before it is ready.
 */
export async function startServe(
  folder: string,
  args: readonly string[],
  { path = command, nodeArguments = [] }: { readonly path?: string; readonly nodeArguments?: readonly string[] } = {},
): Promise<ServeProcess> {
  const ports = ['--https-port', '0', '--mqtt-port', '0', '--amqp-port', '0'];
  const child = spawn(process.execPath, [...nodeArguments, path, 'serve', ...ports, '--json', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let stdout = '';
  for await (const part of child.stdout) {
    stdout += String(part);
    if (stdout.includes('\n')) break;
  }
  if (!stdout.includes('\n')) throw new Error(`rehearse serve ended with ${String((await ended)[0])}: ${stderr}`);
  return {
    child,
    ready: JSON.parse(stdout) as Ready,
    stderr: () => stderr,
    end: async (signal) => {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}
