import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { wallMs, withinRealTime } from '../../core/time/clock.ts';

/**
 * Measures the real milliseconds from the save of a file until `rehearse run --watch` prints the verdict, in a folder with only this file
 * and in a folder with all shipped scenarios.
 */
export async function watchTimes(): Promise<object> {
  return { oneFile: await saves(false), amongShipped: await saves(true) };
}

function firstMedianSlowest(times: readonly number[]): readonly number[] {
  const [first = Number.NaN, ...others] = times.map(Math.round);
  const sorted = others.toSorted((a, b) => a - b);
  return [first, sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
}

/** Returns the processor time of the main thread of a process in milliseconds; NaN on systems other than Linux. */
function mainThreadMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid ?? 0}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

const file = 'attestation/symmetric-key.yaml';

async function saves(amongShipped: boolean): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-bench-'));
  const path = join(folder, 'scenarios', file);
  const copied = amongShipped ? 'scenarios' : join('scenarios', file);
  cpSync(copied, join(folder, copied), { recursive: true });
  const words = ['run', 'scenarios', '--watch', '--grep', 'enrollment-primary over mqtt'];
  const child = spawn(process.execPath, [resolve('cli/rehearse.mjs'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  let onPrinted = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    onPrinted();
  });
  const after = (words: string): Promise<void> => {
    printed = '';
    const found = new Promise<void>((done) => {
      onPrinted = () => printed.includes(words) && done();
    });
    return withinRealTime(found, 120_000, `rehearse run --watch did not print "${words}"`);
  };
  try {
    await after('waiting until a scenario file is saved');
    const text = readFileSync(path, 'utf8');
    const [times, processor]: [number[], number[]] = [[], []];
    for (let round = 0; round < 11; round++) {
      const [started, used] = [wallMs(), mainThreadMs(child.pid)];
      const verdict = after('1 passed').then(() => times.push(wallMs() - started));
      writeFileSync(path, `${text}# save ${round}\n`);
      await verdict;
      processor.push(mainThreadMs(child.pid) - used);
    }
    // The first run after the start loads and compiles code, so its time is separate.
    const [firstMs, medianMs, slowestMs] = firstMedianSlowest(times);
    const [firstProcessorMs, medianProcessorMs] = firstMedianSlowest(processor);
    return { firstMs, medianMs, slowestMs, firstProcessorMs, medianProcessorMs };
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
