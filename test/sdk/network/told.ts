import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withinRealTime } from '../../../core/time/clock.ts';
import type { RunningProgram } from './network.ts';

/** What a program of ours has said, by word. */
type Told = Readonly<Record<string, unknown>>;

/** Listens to one case of a program: words with values, and at last how it ended. */
export class Telling {
  readonly #told: Record<string, unknown> = {};
  readonly #changes = new Set<() => void>();
  #end: string | undefined;
  readonly #history: () => readonly string[];

  /** @param history what the mock has heard, for the message of a failure. */
  constructor(history: () => readonly string[] = () => []) {
    this.#history = history;
  }

  hear(said: Told): void {
    Object.assign(this.#told, said);
    this.#changed();
  }

  /** @param problem empty if the program ended well. */
  end(problem: string): void {
    this.#end ??= problem;
    this.#changed();
  }

  /** Resolves when the word was said; rejects when the program ends without it. */
  async until(word: string): Promise<void> {
    await this.#when(() => word in this.#told, `say "${word}"`);
    if (!(word in this.#told)) throw new Error(`no "${word}", ${this.#soFar()}`);
  }

  /** All that was said, when the program has ended well. */
  async all(): Promise<Told> {
    await this.#when(() => false, 'end');
    if (this.#end !== '') throw new Error(this.#soFar());
    return this.#told;
  }

  async #when(isThere: () => boolean, what: string): Promise<void> {
    const wait = async (): Promise<void> => {
      while (!isThere() && this.#end === undefined) {
        await new Promise<void>((changed) => this.#changes.add(changed));
      }
    };
    try {
      await withinRealTime(wait(), limitMs, `the program did not ${what} in time`);
    } catch (error) {
      throw new Error(`${(error as Error).message}; ${this.#soFar()}`, { cause: error });
    }
  }

  #soFar(): string {
    const heard = this.#history().map((line) => `\n  ${line.slice(0, 300)}`);
    return `so far: ${JSON.stringify(this.#told)}; the end: ${this.#end ?? 'not yet'}; the mock has heard:${heard.join('')}`;
  }

  #changed(): void {
    for (const changed of this.#changes) changed();
    this.#changes.clear();
  }
}

/** Less than what a test may take, so that the sentence is seen. */
const limitMs = 50_000;

/** Listens to a program that says one JSON object per line, and nothing else on standard output. */
export function listenTo(program: RunningProgram, history?: () => readonly string[]): Telling {
  const telling = new Telling(history);
  const closed = eachLine(program, (line) => telling.hear(line));
  void closed.then((problem) => telling.end(problem));
  return telling;
}

/** Calls back for each line of JSON; resolves when the program has ended, to what it complained of or to an empty text. */
export async function eachLine(program: RunningProgram, hear: (line: Told) => void): Promise<string> {
  let complaint = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const lines = createInterface({ input: program.stdout }).on('line', (line) => {
    try {
      hear(JSON.parse(line) as Told);
    } catch {
      complaint += `${line}\n`;
    }
  });
  const [[code]] = await Promise.all([once(program, 'close'), once(lines, 'close')]);
  return code === 0 ? '' : `it ended with ${String(code)}: ${complaint}`;
}
