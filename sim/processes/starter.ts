import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type FromTool, Tool, type ToolStream, toolStreams, type ToTool } from './tool.ts';

export interface ToolStart {
  readonly program: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly streams: readonly ToolStream[];
}

/** A small process that starts programs for us and carries what they and we say. It ends when we do, and they with it. */
export class Starter {
  readonly #child: ChildProcess;
  /** Who listens to the program with this number. */
  readonly #listeners = new Map<number, (told: FromTool) => void>();
  #started = 0;
  /** Whether somebody has ended it; all that it had started is then gone too. */
  isGone = false;

  constructor() {
    this.#child = fork(fileURLToPath(new URL('starter-process.mjs', import.meta.url)), [], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', ({ id, ...told }: FromTool & { readonly id: number }) => this.#hear(id, told));
    this.#child.once('disconnect', () => {
      this.isGone = true;
      for (const id of this.#listeners.keys()) this.#hear(id, { kind: 'closed', code: null, signal: null });
    });
  }

  /** Resolves when the program runs; rejects with the error of the system where it does not. */
  start({ program, words, environment, streams }: ToolStart): Promise<Tool> {
    const id = ++this.#started;
    const tell = (message: ToTool | { readonly kind: 'start' }): void => {
      // A program that is gone was told by 'closed'.
      if (this.#child.connected) this.#child.send({ id, ...message }, () => {});
    };
    const stdio = toolStreams.map((stream) => (streams.includes(stream) ? 'pipe' : 'ignore'));
    return new Promise((done, fail) => {
      const tool = new Tool(tell);
      this.#listeners.set(id, (told) => {
        if (told.kind === 'started') done(tool);
        else if (told.kind === 'not-started') fail(Object.assign(new Error(told.sentence), { code: told.code }));
        else tool.hear(told);
        if (told.kind === 'closed') fail(new Error(`${program} ended before it had started`));
      });
      const message = { kind: 'start', program, words, environment, stdio } as const;
      tell(message);
    });
  }

  #hear(id: number, told: FromTool): void {
    const listener = this.#listeners.get(id);
    if (told.kind === 'closed' || told.kind === 'not-started') this.#listeners.delete(id);
    listener?.(told);
  }
}
