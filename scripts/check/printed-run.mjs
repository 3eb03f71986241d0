import { start } from '../start.mjs';

/**
 * Runs a program and prints its output below a heading. If `output` is `inherit`, prints immediately. If `output` is `pipe`, prints
 * everything at the end of the program, so that simultaneous programs do not mix their lines. Returns the same as `start`.
 */
export async function printedRun(words, heading, output, variables, niceness) {
  if (output === 'inherit') heading();
  const ended = await start(words, output, variables, niceness);
  if (output === 'pipe') {
    heading();
    process.stdout.write(ended.output);
  }
  return ended;
}
