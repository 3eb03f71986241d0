/** The last line of a terminal, which shows the running scenarios. Does nothing if stdout is not a terminal. */
export class ProgressLine {
  readonly #total: number;
  readonly #isLive: boolean;
  readonly #playing = new Set<string>();
  #done = 0;

  constructor(total: number, isLive: boolean) {
    this.#total = total;
    this.#isLive = isLive;
  }

  started(id: string): void {
    this.#playing.add(id);
    this.#draw();
  }

  ended(id: string): void {
    if (this.#playing.delete(id)) this.#done++;
    this.#draw();
  }

  /** Prints above the line. */
  print(text: string): void {
    if (text === '') return;
    this.clear();
    process.stdout.write(text);
    this.#draw();
  }

  /** Prints a message on stderr, outside the report. */
  note(text: string): void {
    this.clear();
    process.stderr.write(`${text}\n`);
    this.#draw();
  }

  clear(): void {
    if (this.#isLive) process.stdout.write('\r\x1B[2K');
  }

  #draw(): void {
    if (!this.#isLive || this.#playing.size === 0) return;
    const text = `${this.#done}/${this.#total}  running ${[...this.#playing].join(', ')}`;
    const columns = process.stdout.columns || 80;
    process.stdout.write(`\r\x1B[2K${text.length < columns ? text : `${text.slice(0, columns - 2)}…`}`);
  }
}
