import type { ToolEnd } from './tool.ts';

/** A helper program that crashed or failed. The simulated device did not cause the failure. */
export interface BrokenPart {
  readonly program: string;
  readonly end: ToolEnd;
  /** The last line that the program wrote to stderr; empty if it wrote none. */
  readonly lastLine: string;
}

/**
 * Records a broken part, even if the code that started the program handles the error. Device code can mistake a lost helper for a rejection,
 * so a run with a broken part has no verdict. A run passes its recorder to each part of its world that starts programs: an
 * `AsyncLocalStorage` would find the run by itself, but it costs Node 20 about 7 % of all processor time.
 */
export type RecordBroken = (part: BrokenPart) => void;

/** Returns a sentence such as `openssl ended by signal SIGKILL; its last line: …`. */
export function brokenPartSentence({ program, end, lastLine }: BrokenPart): string {
  const how = end.signal === null ? `ended with exit code ${end.code ?? 'unknown'}` : `ended by signal ${end.signal}`;
  return `${program} ${how}; ${lastLine === '' ? 'it wrote nothing' : `its last line: ${lastLine}`}`;
}
