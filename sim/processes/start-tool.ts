import { withinRealTime } from '../../core/clock.ts';
import { PartMissing } from '../../core/part-missing.ts';
import type { MissingPart } from '../key-stores/key-store.ts';
import { Starter } from './starter.ts';
import type { Tool, ToolStream } from './tool.ts';

export interface ToolSettings {
  readonly program: string;
  readonly words: readonly string[];
  /** Added to our own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What we talk over; the others lead nowhere. */
  readonly streams: readonly ToolStream[];
  readonly missing: MissingPart;
}

/**
 * Starts a program by way of a small process of ours: starting one from a large process costs as much as several TLS
 * handshakes (see starter-process.mjs).
 *
 * @throws PartMissing with `missing` where it is not installed.
 * @throws Error in a sentence where it cannot be started.
 */
export async function startTool({ program, words, environment, streams, missing }: ToolSettings): Promise<Tool> {
  if (starter === undefined || starter.isGone) starter = new Starter();
  try {
    const start = starter.start({ program, words, environment: { ...process.env, ...environment }, streams });
    return await withinRealTime(start, startLimitMs, `${program} did not start`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new PartMissing(missing.part, missing.remedy);
    }
    throw error;
  }
}

const startLimitMs = 30_000;
let starter: Starter | undefined;
