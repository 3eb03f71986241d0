import { AsyncLocalStorage } from 'node:async_hooks';
import type { ToolEnd } from './tool.ts';

/** A helper program that crashed or failed. The simulated device did not cause the failure. */
export interface BrokenPart {
  readonly program: string;
  readonly end: ToolEnd;
  /** The last line that the program wrote to stderr; empty if it wrote none. */
  readonly lastLine: string;
}

const watched = new AsyncLocalStorage<BrokenPart[]>();

/**
 * Runs `work` and collects the helper programs that crash or fail meanwhile, even if `work` handles their errors. Device code can mistake a
 * lost helper for a rejection, so such a run has no verdict.
 * @param broken receives the broken programs while `work` runs.
 */
export function watchParts<T>(broken: BrokenPart[], work: () => Promise<T>): Promise<T> {
  return watched.run(broken, work);
}

/** Returns a function that records a broken part for the current call of `watchParts`. */
export function partRecorder(): (part: BrokenPart) => void {
  const broken = watched.getStore();
  return (part) => broken?.push(part);
}

/** Returns a sentence such as `openssl ended by signal SIGKILL; its last line: …`. */
export function brokenPartSentence({ program, end, lastLine }: BrokenPart): string {
  const how = end.signal === null ? `ended with exit code ${end.code ?? 'unknown'}` : `ended by signal ${end.signal}`;
  return `${program} ${how}; ${lastLine === '' ? 'it wrote nothing' : `its last line: ${lastLine}`}`;
}
