import type { Writable } from 'node:stream';
import { afterRealTime } from '../../../core/time/clock.ts';
import { type LogEntry, type LogFormat, type LogLevel, logLevels } from './log-entry.ts';

interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
}

/**
 * Writes log entries to a stream. If the reader is slower than the lab, up to 1000 lines wait; this class drops and counts further lines.
 * It writes nothing more to a closed stream. The lab never waits for the stream.
 */
export class LogWriter {
  readonly #stream: Writable;
  readonly #settings: LogSettings;
  #waiting: string[] = [];
  #dropped = 0;
  #isBlocked = false;
  #isClosed = false;

  constructor(stream: Writable, settings: LogSettings) {
    this.#stream = stream;
    this.#settings = settings;
    stream.on('drain', () => this.#drained());
    // `main` reports errors of stdout. Here it is enough to write nothing more.
    for (const end of ['error', 'close', 'finish']) stream.once(end, () => this.#closed());
  }

  /** Writes an entry, if the level includes it. */
  write(entry: LogEntry): void {
    const { level, format } = this.#settings;
    if (this.#isClosed || logLevels.indexOf(entry.level) > logLevels.indexOf(level)) return;
    const { level: _, ...data } = entry;
    this.#put(format === 'json' ? JSON.stringify({ log: true, ...data }) : `${entry.at}  ${entry.sentence}`);
  }

  /**
   * Waits until the reader has read the last lines, for one real second at most. Returns false if the reader has not read them. A pending
   * write then keeps the process alive. A stream that is not full can have a pending write too, because the pipe behind it can be full.
   */
  end(): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      const whenWritten = (): void => {
        if (this.#isClosed || this.#stream.writableLength === 0) resolve(true);
        // The lines that waited for the stream are written before this callback runs, so their write can still be pending then.
        else this.#stream.write('', whenWritten);
      };
      whenWritten();
      afterRealTime(1000, () => resolve(false));
    });
  }

  #put(line: string): void {
    if (!this.#isBlocked) this.#isBlocked = !this.#stream.write(`${line}\n`);
    else if (this.#waiting.length < waitingLimit) this.#waiting.push(line);
    else this.#dropped += 1;
  }

  #drained(): void {
    this.#isBlocked = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (waiting.length > 0) this.#isBlocked = !this.#stream.write(`${waiting.join('\n')}\n`);
    if (dropped > 0) this.#put(this.#droppedLine(dropped));
  }

  #droppedLine(count: number): string {
    const sentence = `${count} ${count === 1 ? 'line was' : 'lines were'} dropped, because stdout was not read fast enough`;
    return this.#settings.format === 'json'
      ? JSON.stringify({ log: true, kind: 'dropped', count, sentence })
      : sentence;
  }

  #closed(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }
}

/** Maximum number of lines that wait for the reader. */
const waitingLimit = 1000;
