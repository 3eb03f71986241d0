import { expect } from 'vitest';
import type { Lab } from './lab.ts';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterRealTime } from '../../core/time/clock.ts';

/** The settings of a program that reads events. */
export interface ReadJob {
  readonly connectionString: string;
  /** The real address of the namespace, as `https://host:port`. */
  readonly customEndpoint?: string;
  /** True to read with the older uamqp. Only for Python. */
  readonly uamqp?: boolean;
  readonly transport?: 'amqp' | 'amqp-ws';
  readonly consumerGroup: string;
  readonly partitionId?: string;
  readonly position?: object;
  readonly ownerLevel?: number;
  /** The number of events after which the program ends. */
  readonly count: number;
  readonly properties?: boolean;
  readonly tracks?: boolean;
  /** True if the program counts events and does not print them. */
  readonly isQuiet?: boolean;
}

/** A JSON line that a program that reads events prints. */
type ReadLine = Readonly<Record<string, unknown>>;

/** A running program that reads events. */
export interface EventReader {
  /** Returns the next line that has the property `word`. Rejects if the program ends before. */
  line(word: string): Promise<ReadLine>;
  /** Resolves with all lines when the program has ended. */
  ended: Promise<readonly ReadLine[]>;
  kill(): void;
}

/** Starts a program under `test/sdk` that reads events with a published client. The program has a time limit of one minute. */
export function startEventReader(
  command: readonly string[],
  job: ReadJob,
  env: Readonly<Record<string, string>>,
): EventReader {
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, JSON.stringify(job)], { env: { ...process.env, ...env } });
  const lines: ReadLine[] = [];
  const seen = new Map<string, number>();
  let wake: () => void = () => {};
  let hasEnded = false;
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text) as ReadLine);
    wake();
  });
  const ended = new Promise<readonly ReadLine[]>((resolve, reject) => {
    child.on('close', (code) => {
      hasEnded = true;
      wake();
      if (code === 0) resolve(lines);
      else reject(new Error(`${program} ended with ${String(code)}: ${stderr.slice(-2000)}`));
    });
  });
  ended.catch(() => {});
  afterRealTime(60_000, () => child.kill());
  return {
    line: async (word) => {
      for (;;) {
        const at = lines.findIndex((line, index) => index >= (seen.get(word) ?? 0) && Object.hasOwn(line, word));
        if (at >= 0) {
          seen.set(word, at + 1);
          return lines[at] ?? {};
        }
        if (hasEnded)
          throw new Error(`the program printed no line "${word}": ${JSON.stringify(lines).slice(0, 2000)} ${stderr}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    ended,
    kill: () => child.kill(),
  };
}

/** Starts a program that reads events, and resolves when the lab has attached the receiving link of the program. */
export async function attachedReader(lab: Lab, start: () => EventReader): Promise<EventReader> {
  const links = (): number => lab.messagesFrom('service').filter((line) => line.startsWith('ATTACH from')).length;
  const before = links();
  const reader = start();
  await expect.poll(links, { timeout: 20_000 }).toBeGreaterThan(before);
  return reader;
}
