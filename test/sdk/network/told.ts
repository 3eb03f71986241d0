import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { withinRealTime } from '../../../core/clock.ts';
import type { Network } from './network.ts';

/** The JSON lines of a program, each an object with one key. */
export type Told = Readonly<Record<string, unknown>>;

/** A program of ours that says what happens to it, one JSON line each. */
export class Telling {
  readonly #told: Record<string, unknown> = {};
  readonly #changes = new Set<() => void>();
  readonly #end: Promise<string>;
  #isEnded = false;

  constructor(child: ReturnType<Network['start']>) {
    let complaint = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        Object.assign(this.#told, JSON.parse(line));
      } catch {
        complaint += `${line}\n`;
      }
      this.#changed();
    });
    this.#end = once(child, 'close').then(([code]) => {
      this.#isEnded = true;
      this.#changed();
      return code === 0 ? '' : `ended with ${String(code)}: ${complaint}`;
    });
  }

  /** Resolves when a line with this key was said; rejects when the program ends without it. */
  async until(key: string): Promise<void> {
    const isSaid = async (): Promise<void> => {
      while (!(key in this.#told) && !this.#isEnded) {
        await new Promise<void>((changed) => this.#changes.add(changed));
      }
    };
    await withinRealTime(isSaid(), limitMs, `the program did not say "${key}"; so far: ${JSON.stringify(this.#told)}`);
    if (!(key in this.#told)) throw new Error(`no "${key}": ${await this.#end} ${JSON.stringify(this.#told)}`);
  }

  /** All that was said, by key, when the program has ended well. */
  async all(): Promise<Told> {
    const problem = await withinRealTime(
      this.#end,
      limitMs,
      `the program did not end; so far: ${JSON.stringify(this.#told)}`,
    );
    if (problem !== '') throw new Error(`${problem} ${JSON.stringify(this.#told)}`);
    return this.#told;
  }

  #changed(): void {
    for (const changed of this.#changes) changed();
    this.#changes.clear();
  }
}

/** Less than what a test may take, so that the sentence is seen. */
const limitMs = 50_000;
