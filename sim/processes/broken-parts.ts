import { AsyncLocalStorage } from 'node:async_hooks';
import type { ToolEnd } from './tool.ts';

/** A helper program that ended on its own in a way that says nothing about the device. */
export interface BrokenPart {
  readonly program: string;
  readonly end: ToolEnd;
  /** The last line that the program wrote to stderr; empty if there is none. */
  readonly lastLine: string;
}

const watched = new AsyncLocalStorage<BrokenPart[]>();

/**
 * Runs work and collects the helper programs that break while they are in use by it, wherever their error ends up: code of a
 * device may take the loss of a helper for a refusal, and no verdict may rest on that.
 *
 * @param broken grows while the work runs.
 */
export function watchParts<T>(broken: BrokenPart[], work: () => Promise<T>): Promise<T> {
  return watched.run(broken, work);
}

/** Returns what records a broken part for the work that runs now. */
export function partRecorder(): (part: BrokenPart) => void {
  const broken = watched.getStore();
  return (part) => broken?.push(part);
}

/** `openssl ended by signal SIGKILL; its last line: …` */
export function brokenPartSentence({ program, end, lastLine }: BrokenPart): string {
  const how = end.signal === null ? `ended with exit code ${end.code ?? 'unknown'}` : `ended by signal ${end.signal}`;
  return `${program} ${how}; ${lastLine === '' ? 'it wrote nothing' : `its last line: ${lastLine}`}`;
}
