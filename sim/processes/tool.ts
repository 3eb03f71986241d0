import { Duplex, Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Standard input, output and errors of a program, and its descriptor 3, in this order. */
export const toolStreams = ['stdin', 'stdout', 'stderr', 'channel'] as const;

export type ToolStream = (typeof toolStreams)[number];

/** What is said to the starter of one program. */
export type ToTool =
  | { readonly kind: 'kill' }
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'bytes'; readonly stream: number; readonly bytes: Uint8Array };

/** What the starter says of one program. */
export type FromTool =
  | { readonly kind: 'started' }
  | { readonly kind: 'not-started'; readonly code: string | undefined; readonly sentence: string }
  | { readonly kind: 'bytes'; readonly stream: number; readonly bytes: Uint8Array }
  | ({ readonly kind: 'closed' } & ToolEnd);

/** How a program ended. Both null: the small process that started it is gone, and the program with it. */
export interface ToolEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A program that runs beside us. It does not keep us from ending, and is killed when we end, however we end. Who kills the
 * process that started it leaves it with streams that have ended.
 */
export class Tool {
  readonly stdin: Writable;
  readonly stdout: Readable = new Readable({ read: nothing });
  readonly stderr: Readable = new Readable({ read: nothing });
  readonly channel: Duplex;
  /** Resolves when it is gone and all its output was read. */
  readonly closed: Promise<ToolEnd>;
  /** Whether `kill` was called: its end is then no fault of the program. */
  wasKilled = false;
  /** The end of what it wrote to stderr. */
  lastWords = '';
  readonly #tell: (message: ToTool) => void;
  readonly #readers: readonly Readable[];
  #close: (end: ToolEnd) => void = nothing;

  constructor(tell: (message: ToTool) => void) {
    this.#tell = tell;
    this.stdin = new Writable(this.#into(0));
    this.channel = new Duplex({ ...this.#into(3), read: nothing });
    this.#readers = [this.stdout, this.stderr, this.channel];
    this.closed = new Promise((done) => (this.#close = done));
  }

  /** With SIGKILL. */
  kill(): void {
    this.wasKilled = true;
    this.#tell({ kind: 'kill' });
  }

  /** @param told 'bytes' or 'closed': it runs when this object is given to anybody. */
  hear(told: FromTool): void {
    if (told.kind === 'bytes') {
      if (told.stream === 2)
        this.lastWords = `${this.lastWords}${Buffer.from(told.bytes).toString()}`.slice(-lastWordsLimit);
      this.#readers[told.stream - 1]?.push(told.bytes);
    }
    if (told.kind !== 'closed') return;
    const { code, signal } = told;
    void Promise.all(this.#readers.map(heardOut)).then(() => this.#close({ code, signal }));
  }

  #into(stream: number) {
    return {
      write: (bytes: Uint8Array, _encoding: string, done: () => void) => {
        this.#tell({ kind: 'bytes', stream, bytes });
        done();
      },
      destroy: (error: Error | null, done: (error: Error | null) => void) => {
        this.#tell({ kind: 'end', stream });
        done(error);
      },
    };
  }
}

const lastWordsLimit = 4000;

/** Resolves when all that came has been read, or nobody wants to. */
async function heardOut(reader: Readable): Promise<void> {
  if (reader.destroyed) return;
  reader.push(null);
  // A program that was over at once is told of in one breath: whoever waits for its start has not begun to listen.
  await nextTurn();
  if (reader.readableFlowing === null) reader.resume();
  await finished(reader, { writable: false }).catch(nothing);
}

function nothing(): void {}
