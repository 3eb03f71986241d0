import { readFileSync } from 'node:fs';

/**
 * Every line in the `sh` blocks of a page, without comments and `sudo`, in the order of the page. Comments begin with `#` after
 * a space.
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
