import { start } from '../start.mjs';

/**
 * Runs a program and prints its output below a heading: at once if `output` is `inherit`, as a whole at its end if it is `pipe`. Two
 * programs that run at the same time would mix their lines. Returns the same as `start`.
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
