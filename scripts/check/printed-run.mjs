import { start } from '../start.mjs';

/**
 * Runs a program and prints its output below a heading: immediately if `output` is `inherit`, or as a whole at its end if `output` is
 * `pipe`, so that programs that run at the same time do not mix their lines. Returns the same as `start`.
 */
export async function printedRun(words, heading, output, variables) {
  if (output === 'inherit') heading();
  const ended = await start(words, output, variables);
  if (output === 'pipe') {
    heading();
    process.stdout.write(ended.output);
  }
  return ended;
}
