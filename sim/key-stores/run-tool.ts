import { spawn } from 'node:child_process';
import { withinRealTime } from '../../core/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { MissingPart } from './key-store.ts';

/**
 * Runs a program to its end and returns what it printed. Who is too late is ended.
 *
 * @throws PartMissing with `missing` where it is not installed.
 * @throws Error in a sentence where it fails.
 */
export async function runTool(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  missing: MissingPart,
): Promise<Buffer> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const [printed, said]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (part: Buffer) => printed.push(part));
  child.stderr.on('data', (part: Buffer) => said.push(part));
  const ended = new Promise<number | null>((done, fail) => {
    child.once('close', done);
    child.once('error', (error) =>
      fail('code' in error && error.code === 'ENOENT' ? new PartMissing(missing.part, missing.remedy) : error),
    );
  });
  try {
    const code = await withinRealTime(ended, limitMs, `${program} did not end`);
    if (code === 0) return Buffer.concat(printed);
    throw new Error(`${program} failed: ${Buffer.concat(said).toString('utf8').trim().slice(-500)}`);
  } finally {
    child.kill('SIGKILL');
  }
}

const limitMs = 30_000;
