import { withinRealTime } from '../../core/time/clock.ts';
import { brokenPartSentence } from '../processes/broken-parts.ts';
import type { MissingPart } from '../processes/missing-part.ts';
import { startTool } from '../processes/start-tool.ts';

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
  const tool = await startTool({ program, words, environment, streams: ['stdout', 'stderr'], missing });
  const printed: Buffer[] = [];
  tool.stdout.on('data', (part: Buffer) => printed.push(part));
  try {
    const end = await withinRealTime(tool.closed, limitMs, `${program} did not end`);
    if (end.code === 0) return Buffer.concat(printed);
    throw new Error(brokenPartSentence({ program, end, lastLine: tool.lastWords.trim().slice(-500) }));
  } finally {
    tool.kill();
  }
}

const limitMs = 30_000;
