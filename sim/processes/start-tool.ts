import { withinRealTime } from '../../core/time/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';
import { partRecorder } from './broken-parts.ts';
import type { MissingPart } from './missing-part.ts';
import { Starter } from './starter.ts';
import type { Tool, ToolEnd, ToolStream } from './tool.ts';

export interface ToolSettings {
  readonly program: string;
  readonly words: readonly string[];
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Streams to connect; the others are ignored. */
  readonly streams: readonly ToolStream[];
  readonly missing: MissingPart;
  /**
   * Returns true if an exit without `kill` is a result of the device or the service, which a verdict can use, and not a crash.
   * Default: true for exit code 0.
   */
  readonly isUsableEnd?: (end: ToolEnd, stderrTail: string) => boolean;
}

/**
 * Starts a program by way of a small helper process: a start from a large process takes as long as several TLS handshakes (see
 * starter-process.mjs).
 *
 * @throws PartMissing with `missing` if the program is not installed.
 * @throws Error with a sentence if the program cannot be started.
 */
export async function startTool(settings: ToolSettings): Promise<Tool> {
  const { program, words, environment, streams, missing, isUsableEnd = exitedWell } = settings;
  const recordBroken = partRecorder();
  if (starter === undefined || starter.isGone) starter = new Starter();
  try {
    const start = starter.start({ program, words, environment: { ...process.env, ...environment }, streams });
    const tool = await withinRealTime(start, startLimitMs, `${program} did not start`);
    // The first callback on `closed`, so that a crash is recorded before the code that waits for the end continues.
    void tool.closed.then((end) => {
      if (tool.wasKilled || isUsableEnd(end, tool.stderrTail)) return;
      recordBroken({ program, end, lastLine: tool.stderrTail.trim().split('\n').at(-1)?.slice(0, 200) ?? '' });
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
