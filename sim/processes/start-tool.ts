import { withinRealTime } from '../../core/time/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';
import { partRecorder } from './broken-parts.ts';
import type { MissingPart } from './missing-part.ts';
import { Starter } from './starter.ts';
import type { Tool, ToolEnd, ToolStream } from './tool.ts';

export interface ToolSettings {
  readonly program: string;
  readonly words: readonly string[];
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What we talk over; the others lead nowhere. */
  readonly streams: readonly ToolStream[];
  readonly missing: MissingPart;
  /**
   * Whether an end that nothing here caused says something about the device or the service, so that a verdict may rest on it.
   * Default: exit code 0.
   */
  readonly isUsableEnd?: (end: ToolEnd, lastWords: string) => boolean;
}

/**
 * Starts a program by way of a small process of ours: starting one from a large process costs as much as several TLS
 * handshakes (see starter-process.mjs).
 *
 * @throws PartMissing with `missing` where it is not installed.
 * @throws Error in a sentence where it cannot be started.
 */
export async function startTool(settings: ToolSettings): Promise<Tool> {
  const { program, words, environment, streams, missing, isUsableEnd = exitedWell } = settings;
  const recordBroken = partRecorder();
  if (starter === undefined || starter.isGone) starter = new Starter();
  try {
    const start = starter.start({ program, words, environment: { ...process.env, ...environment }, streams });
    const tool = await withinRealTime(start, startLimitMs, `${program} did not start`);
    // Registered before any other: the record is made when code that waits for the end goes on.
    void tool.closed.then((end) => {
      if (tool.wasKilled || isUsableEnd(end, tool.lastWords)) return;
      recordBroken({ program, end, lastLine: tool.lastWords.trim().split('\n').at(-1)?.slice(0, 200) ?? '' });
    });
    return tool;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new PartMissing(missing.part, missing.remedy);
    }
    throw error;
  }
}

function exitedWell({ code }: ToolEnd): boolean {
  return code === 0;
}

const startLimitMs = 30_000;
let starter: Starter | undefined;
