import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A `rehearse` command for a process that stays for the next command. */
export interface WarmCommand {
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** The end of a command. The exit code is null if the process was killed. */
interface End {
  readonly exitCode: number | null;
  readonly failure?: string;
}

type Message = { readonly stream: 'stdout' | 'stderr'; readonly text: string } | End;

/** A process that runs one `rehearse` command after another (command-host.mjs). */
export class WarmHost {
  readonly #process: ChildProcess;
  #onText: (stream: 'stdout' | 'stderr', text: string) => void = () => {};
  #onEnd: ((end: End) => void) | undefined;
  /** True from the moment at which the process is killed. The channel to the process reports its end only later. */
  #isKilled = false;

  constructor() {
    const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
    // No stream is a terminal, as for a command whose output is captured. The process ends when its channel closes.
    this.#process = fork(join(import.meta.dirname, 'command-host.mjs'), [], {
      env: inherited,
      // The Node options of the test runner must not apply to the command.
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.unref();
    this.#process.channel?.unref();
    this.#process.on('message', (message: Message) => {
      if ('stream' in message) this.#onText(message.stream, message.text);
      else this.#onEnd?.(message);
    });
    this.#process.once('exit', () => this.#onEnd?.({ exitCode: null }));
  }

  /** True if the process runs no command and can accept one. */
  get isFree(): boolean {
    return this.#onEnd === undefined && !this.#isKilled && this.#process.connected;
  }

  /** Runs a command. Rejects if the command ended with an error that it did not report itself. */
  run(command: WarmCommand, onText: (stream: 'stdout' | 'stderr', text: string) => void): Promise<number | null> {
    this.#onText = onText;
    return new Promise((resolve, reject) => {
      this.#onEnd = ({ exitCode, failure }) => {
        this.#onEnd = undefined;
        if (failure === undefined) return resolve(exitCode);
        // The command may have left timers or sockets in the process.
        this.#kill();
        reject(new Error(failure));
      };
      this.#process.send({ command }, (error) => {
        if (error instanceof Error) this.#onEnd?.({ exitCode: null });
      });
    });
  }

  /** Delivers a signal to the command. SIGKILL ends the process. */
  signal(name: NodeJS.Signals): void {
    if (name === 'SIGKILL') this.#kill();
    // The command may end before the signal arrives.
    else if (this.#process.connected) this.#process.send({ signal: name }, () => {});
  }

  #kill(): void {
    this.#isKilled = true;
    this.#process.kill('SIGKILL');
  }
}
