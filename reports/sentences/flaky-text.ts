import type { PlayedRun } from '../playback.ts';

/** Explains in one line why a scenario is flaky; undefined if it is not. */
export function flakyText({ flaky, attempts, repeats }: PlayedRun): string | undefined {
  if (!flaky) return undefined;
  const [first, ...others] = repeats?.differences ?? [];
  if (repeats === undefined || first === undefined) return `flaky: passed at attempt ${attempts}`;
  const more = others.length === 0 ? '' : `; repeat ${others.map(({ repeat }) => repeat).join(', ')} differed too`;
  const where = first.runFile === undefined ? '' : ` (${first.runFile})`;
  return `flaky: in repeat ${first.repeat} of ${repeats.played} ${first.sentences.join('; ')}${where}${more}`;
}
