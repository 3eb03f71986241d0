import { withinRealTime } from '../../core/time/clock.ts';
import { brokenPartSentence, type RecordBroken } from '../processes/broken-parts.ts';
import type { MissingPart } from '../processes/missing-part.ts';
import { startTool } from '../processes/start-tool.ts';

/**
 * Runs a program until it ends and returns its standard output. Kills the program at a timeout.
 * @param onBroken receives the program if it crashes or fails.
 * @throws PartMissing with `missing` if the program is not installed.
 * @throws Error with a sentence if the program fails.
 */
export async function runTool(
  program: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  missing: MissingPart,
  onBroken?: RecordBroken,
): Promise<Buffer> {
  const tool = await startTool({ program, words, environment, streams: ['stdout', 'stderr'], missing, onBroken });
  const output: Buffer[] = [];
  tool.stdout.on('data', (part: Buffer) => output.push(part));
  try {
    const end = await withinRealTime(tool.closed, limitMs, `${program} did not end`);
    if (end.code === 0) return Buffer.concat(output);
    throw new Error(brokenPartSentence({ program, end, lastLine: tool.stderrTail.trim().slice(-500) }));
  } finally {
    tool.kill();
  }
}

/** Time limit for the program, in real milliseconds. */
const limitMs = 30_000;
