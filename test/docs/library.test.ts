import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../cli/package-root.ts';

const page = readFileSync(join(packageRoot, 'docs', 'library.md'), 'utf8');
const blocks = [...page.matchAll(/```js\n(.*?)```/gs)].map(([, text = '']) => text);

test.each(blocks.map((text) => [text.split('\n', 1)[0] ?? '', text]))(
  'the JavaScript of `docs/library.md` that begins with %s has the syntax of the oldest supported Node',
  (_, text) => {
    // The name after `await import` does not exist, so a text with the right syntax ends there, before it runs.
    const input = `await import('no-such-package');\n${text}`;
    const { stderr } = spawnSync(process.execPath, ['--input-type=module'], { input, encoding: 'utf8' });
    expect(stderr).not.toContain('SyntaxError');
  },
);
