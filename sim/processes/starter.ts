import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FromTool, Tool, type ToolStream, toolStreams, type ToTool } from './tool.ts';

export interface ToolStart {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly streams: readonly ToolStream[];
}

/**
 * Starts programs through a small helper process, which forwards their streams. The helper process ends with this process, and the programs
 * end with it.
 */
export class Starter {
  readonly #child: ChildProcess;
  /** Functions that receive the messages of a program, by the number of the program. */
  readonly #receivers = new Map<number, (message: FromTool) => void>();
  #started = 0;
  /** True after the helper process has ended. All programs that it had started have then ended too. */
  isGone = false;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('starter-process.mjs', import.meta.url)), [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', ({ id, ...message }: FromTool & { readonly id: number }) => this.#receive(id, message));
    this.#child.once('disconnect', () => {
      this.isGone = true;
      for (const id of this.#receivers.keys()) this.#receive(id, { kind: 'closed', code: null, signal: null });
    });
  }

  /** Starts a program. Resolves when the program runs; rejects with the error of the operating system if it cannot start. */
  start({ program, words, environment, streams }: ToolStart): Promise<Tool> {
    const id = ++this.#started;
    const send = (message: ToTool | { readonly kind: 'start' }): void => {
      // If the connection is closed, the message 'closed' has already reported the end of the programs.
      if (this.#child.connected) this.#child.send({ id, ...message }, () => {});
    };
    const stdio = toolStreams.map((stream) => (streams.includes(stream) ? 'pipe' : 'ignore'));
    return new Promise((done, fail) => {
      const tool = new Tool(send);
      this.#receivers.set(id, (received) => {
        if (received.kind === 'started') done(tool);
        else if (received.kind === 'not-started')
          fail(Object.assign(new Error(received.sentence), { code: received.code }));
        else tool.receive(received);
        if (received.kind === 'closed') fail(new Error(`${program} ended before it had started`));
      });
      const message = { kind: 'start', program, words, environment, stdio } as const;
      send(message);
    });
  }

  #receive(id: number, message: FromTool): void {
    const receiver = this.#receivers.get(id);
    if (message.kind === 'closed' || message.kind === 'not-started') this.#receivers.delete(id);
    receiver?.(message);
  }
}
