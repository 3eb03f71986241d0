import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FromGroup } from './process-group.ts';
import { type FromTool, Tool, type ToolStream, toolStreams, type ToTool } from './tool.ts';

export interface ToolStart {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly streams: readonly ToolStream[];
}

/** A program of the user to start in its own process group. */
interface GroupStart {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly outputLimit: number;
  /** `name=value` that is in the environment of every process of the group. */
  readonly mark: string;
}

interface GroupControl {
  readonly signal: (signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly flush: () => void;
}

/**
 * Starts programs through a small helper process, which forwards their streams. The helper process ends with this process, and the programs
 * end with it.
 */
export class Starter {
  readonly #child: ChildProcess;
  /** Functions that receive the messages of a program, by the number of the program. */
  readonly #receivers = new Map<number, (message: FromTool) => void>();
  /** Functions that receive the messages of a process group, by the number of its program. */
  readonly #groups = new Map<number, (message: FromGroup) => void>();
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
    this.#child.on('message', ({ id, ...message }: (FromTool | FromGroup) & { readonly id: number }) => {
      if (message.kind.startsWith('group-')) this.#receiveOfGroup(id, message as FromGroup);
      else this.#receive(id, message as FromTool);
    });
    this.#child.once('disconnect', () => {
      this.isGone = true;
      const end = { code: null, signal: null, leftBehind: 0, droppedBytes: 0 };
      for (const id of this.#groups.keys()) this.#receiveOfGroup(id, { kind: 'group-ended', ...end });
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

  /**
   * Starts a program in its own process group, and passes its messages to `receive`. Returns functions that send a signal to the group,
   * and that request the message `group-flushed`.
   */
  startGroup(start: GroupStart, receive: (message: FromGroup) => void): GroupControl {
    const id = ++this.#started;
    this.#groups.set(id, receive);
    const send = (message: object): void => {
      if (this.#child.connected) this.#child.send({ id, ...message }, () => {});
    };
    send({ kind: 'start-group', ...start });
    return {
      signal: (signal) => send({ kind: 'signal-group', signal }),
      flush: () => send({ kind: 'flush-group' }),
    };
  }

  #receiveOfGroup(id: number, message: FromGroup): void {
    const receiver = this.#groups.get(id);
    if (message.kind === 'group-ended' || message.kind === 'group-not-started') this.#groups.delete(id);
    receiver?.(message);
  }

  #receive(id: number, message: FromTool): void {
    const receiver = this.#receivers.get(id);
    if (message.kind === 'closed' || message.kind === 'not-started') this.#receivers.delete(id);
    receiver?.(message);
  }
}
