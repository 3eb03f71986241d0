import { exitCodes } from './exit-codes.ts';

/** Prints a mistake in the arguments or in a file on stderr. Returns the exit code for it. */
export function mistake(sentence: string): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCodes.mistake;
}
