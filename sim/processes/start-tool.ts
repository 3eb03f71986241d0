import { withinRealTime } from '../../core/time/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { RecordBroken } from './broken-parts.ts';
import type { MissingPart } from './missing-part.ts';
import { Starter } from './starter.ts';
import type { Tool, ToolEnd, ToolStream } from './tool.ts';

export interface ToolSettings {
  readonly program: string;
  readonly words: readonly string[];
  /** Variables to add to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Streams of the program to connect. The others are ignored. */
  readonly streams: readonly ToolStream[];
  readonly missing: MissingPart;
  /**
   * Returns true if an exit without `kill` is a result that a verdict can use, and not a crash. The device or the service causes such a
   * result. Default: true for exit code 0.
   */
  readonly isUsableEnd?: (end: ToolEnd, stderrTail: string) => boolean;
  /** Receives the program if it crashes or fails. Default: nothing records that. */
  readonly onBroken?: RecordBroken | undefined;
}

/**
 * Starts a program through a small helper process. A start from a large process takes as long as several TLS handshakes (see
 * starter-process.mjs).
 * @throws PartMissing with `missing` if the program is not installed.
 * @throws Error with a sentence if the program cannot be started.
 */
export async function startTool(settings: ToolSettings): Promise<Tool> {
  const { program, words, environment, streams, missing, isUsableEnd = exitedWell, onBroken } = settings;
  if (starter === undefined || starter.isGone) starter = new Starter();
  try {
    const start = starter.start({ program, words, environment: { ...process.env, ...environment }, streams });
    const tool = await withinRealTime(start, startLimitMs, `${program} did not start`);
    // This is the first callback on `closed`. It records a crash before the code that waits for the end continues.
    void tool.closed.then((end) => {
      if (tool.wasKilled || isUsableEnd(end, tool.stderrTail)) return;
      onBroken?.({ program, end, lastLine: tool.stderrTail.trim().split('\n').at(-1)?.slice(0, 200) ?? '' });
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
