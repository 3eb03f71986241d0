import { Duplex, Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Streams of a program by file descriptor: standard input, output and error, and descriptor 3. */
export const toolStreams = ['stdin', 'stdout', 'stderr', 'channel'] as const;

export type ToolStream = (typeof toolStreams)[number];

/** A message to the helper process about one program. */
export type ToTool =
  | { readonly kind: 'kill' }
  | { readonly kind: 'end'; readonly stream: number }
  | { readonly kind: 'bytes'; readonly stream: number; readonly bytes: Uint8Array };

/** A message from the helper process about one program. */
export type FromTool =
  | { readonly kind: 'started' }
  | { readonly kind: 'not-started'; readonly code: string | undefined; readonly sentence: string }
  | { readonly kind: 'bytes'; readonly stream: number; readonly bytes: Uint8Array }
  | ({ readonly kind: 'closed' } & ToolEnd);

/**
 * Exit of a program. `code` and `signal` are both null if the helper process that started the program was killed. The program ends with its
 * helper process.
 */
export interface ToolEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/**
 * A program that runs as a separate process. It does not keep this process alive, and it is killed when this process ends in any way. Its
 * streams end if the helper process that started it is killed.
 */
export class Tool {
  readonly stdin: Writable;
  readonly stdout: Readable = new Readable({ read: nothing });
  readonly stderr: Readable = new Readable({ read: nothing });
  readonly channel: Duplex;
  /** Resolves when the program has ended and all its output has been read. */
  readonly closed: Promise<ToolEnd>;
  /** True after a call of `kill`. The exit of the program then does not count as a crash. */
  wasKilled = false;
  /** The last part of the program's output on stderr. */
  stderrTail = '';
  readonly #send: (message: ToTool) => void;
  readonly #readers: readonly Readable[];
  #close: (end: ToolEnd) => void = nothing;

  constructor(send: (message: ToTool) => void) {
    this.#send = send;
    this.stdin = new Writable(this.#into(0));
    this.channel = new Duplex({ ...this.#into(3), read: nothing });
    this.#readers = [this.stdout, this.stderr, this.channel];
    this.closed = new Promise((done) => (this.#close = done));
  }

  /** Kills the program with SIGKILL. */
  kill(): void {
    this.wasKilled = true;
    this.#send({ kind: 'kill' });
  }

  /**
   * Handles a message of the helper process.
   * @param message 'bytes' or 'closed'. The program has already started.
   */
  receive(message: FromTool): void {
    if (message.kind === 'bytes') {
      if (message.stream === 2)
        this.stderrTail = `${this.stderrTail}${Buffer.from(message.bytes).toString()}`.slice(-stderrTailLimit);
      this.#readers[message.stream - 1]?.push(message.bytes);
    }
    if (message.kind !== 'closed') return;
    const { code, signal } = message;
    void Promise.all(this.#readers.map(readToEnd)).then(() => this.#close({ code, signal }));
  }

  #into(stream: number) {
    return {
      write: (bytes: Uint8Array, _encoding: string, done: () => void) => {
        this.#send({ kind: 'bytes', stream, bytes });
        done();
      },
      destroy: (error: Error | null, done: (error: Error | null) => void) => {
        this.#send({ kind: 'end', stream });
        done(error);
      },
    };
  }
}

const stderrTailLimit = 4000;

/** Resolves when all received bytes have been read, or at once if no code reads the stream. */
async function readToEnd(reader: Readable): Promise<void> {
  if (reader.destroyed) return;
  reader.push(null);
  // The messages about the start and the end of a short program can arrive together, before the caller has attached a reader.
  await nextTurn();
  if (reader.readableFlowing === null) reader.resume();
  await finished(reader, { writable: false }).catch(nothing);
}

function nothing(): void {}
