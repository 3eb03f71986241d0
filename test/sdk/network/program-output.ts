import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withinRealTime } from '../../../core/time/clock.ts';
import type { RunningProgram } from './network.ts';

/** The output of a test program: values by name. */
type OutputValues = Readonly<Record<string, unknown>>;

/** Collects the output of one case of a test program: named values, and then the end of the case. */
export class ProgramOutput {
  readonly #values: Record<string, unknown> = {};
  readonly #changes = new Set<() => void>();
  #end: string | undefined;
  readonly #history: () => readonly string[];
  readonly #limitMs: number;

  /**
   * @param history returns the history of the mock, which the message of a failed test contains.
   * @param limitMs time limit of each wait. A shorter limit than that of the test makes the test report what the program printed.
   */
  constructor(history: () => readonly string[] = () => [], limitMs = 50_000) {
    this.#history = history;
    this.#limitMs = limitMs;
  }

  add(values: OutputValues): void {
    Object.assign(this.#values, values);
    this.#changed();
  }

  /** Ends the output. @param problem error of the program; empty if it succeeded. */
  end(problem: string): void {
    this.#end ??= problem;
    this.#changed();
  }

  /** Resolves when the program prints the named value. Rejects if the program ends without it. */
  async until(word: string): Promise<void> {
    await this.#when(() => word in this.#values, `print "${word}"`);
    if (!(word in this.#values)) throw new Error(`no "${word}", ${this.#soFar()}`);
  }

  /** Resolves with the whole output when the program has succeeded. */
  async all(): Promise<OutputValues> {
    await this.#when(() => false, 'end');
    if (this.#end !== '') throw new Error(this.#soFar());
    return this.#values;
  }

  async #when(isThere: () => boolean, what: string): Promise<void> {
    const wait = async (): Promise<void> => {
      while (!isThere() && this.#end === undefined) {
        await new Promise<void>((changed) => this.#changes.add(changed));
      }
    };
    try {
      await withinRealTime(wait(), this.#limitMs, `the program did not ${what} in time`);
    } catch (error) {
      throw new Error(`${(error as Error).message}; ${this.#soFar()}`, { cause: error });
    }
  }

  #soFar(): string {
    const recorded = this.#history().map((line) => `\n  ${line.slice(0, 300)}`);
    return `so far: ${JSON.stringify(this.#values)}; the end: ${this.#end ?? 'not yet'}; the mock recorded:${recorded.join('')}`;
  }

  #changed(): void {
    for (const changed of this.#changes) changed();
    this.#changes.clear();
  }
}

/** Reads the output of a program that prints only JSON objects, one per line, on standard output. */
export function readOutput(program: RunningProgram, history?: () => readonly string[]): ProgramOutput {
  const output = new ProgramOutput(history);
  const closed = eachLine(program, (line) => output.add(line));
  void closed.then((problem) => output.end(problem));
  return output;
}

/** Calls `add` for each line of JSON. Resolves when the program has ended, with its error or an empty text. */
export async function eachLine(program: RunningProgram, add: (line: OutputValues) => void): Promise<string> {
  let errors = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface({ input: program.stdout }).on('line', (line) => {
    try {
      add(JSON.parse(line) as OutputValues);
    } catch {
      errors += `${line}\n`;
    }
  });
  const [[code]] = await Promise.all([once(program, 'close'), once(lines, 'close')]);
  return code === 0 ? '' : `it ended with ${String(code)}: ${errors}`;
}
