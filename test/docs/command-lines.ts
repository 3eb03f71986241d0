import { readFileSync } from 'node:fs';

/**
 * Returns every line in the `sh` blocks of a page, in order, without comments and without `sudo`. A comment begins with `#` after a
 * space.
 */
export function commandLines(page: string): readonly string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) =>
      line
        .replace(/\s#\s.*$/, '')
        .replace(/^sudo /, '')
        .trim(),
    )
    .filter((line) => line !== '');
}
