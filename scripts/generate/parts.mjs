import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { register } from 'tsx/esm/api';
import { missingSdkParts } from '../sdk/sdk-parts.mjs';
import { root, start } from '../start.mjs';

register();
const { schemas, schemaText } = await import('../../cli/schema-text.ts');
const { lessons } = await import('../../reports/html/studio/lessons/index.ts');
const { withLessons } = await import('../../reports/words/lessons-markdown.ts');
const { wordsMarkdown } = await import('../../reports/words/words-markdown.ts');

/**
 * The generated files, part by part, in an order in which no part needs a later one. `write` returns the reason of a failure.
 * `missing` returns the reason why a part cannot be made on this machine.
 *
 * @type {readonly { name: string, files: readonly string[], missing?: () => string | undefined, write: () => Promise<string | undefined> }[]}
 */
export const parts = [
  { name: 'schemas', files: Object.values(schemas).map(({ file }) => file), write: writeSchemas },
  { name: 'words', files: ['docs/words.md'], write: writeWords },
  { name: 'training', files: ['docs/training.md'], write: writeTraining },
  { name: 'guide', files: ['docs/guide.md', 'docs/attacks.md'], write: () => run(['node', 'scripts/guide.mjs']) },
  { name: 'mutation', files: ['docs/mutation.md'], write: () => run(['node', 'scripts/mutation.mjs']) },
  { name: 'pictures', files: ['docs/pictures/*'], missing: missingBrowser, write: writePictures },
  { name: 'sdks', files: ['docs/sdks.md'], missing: missingSdks, write: () => run(['node', 'scripts/sdk-table.mjs']) },
];

async function writeSchemas() {
  for (const [name, { file }] of Object.entries(schemas)) writeFileSync(join(root, file), schemaText(name));
}

async function writeWords() {
  writeFileSync(join(root, 'docs', 'words.md'), wordsMarkdown(schemas.scenario.schema()));
}

async function writeTraining() {
  const page = join(root, 'docs', 'training.md');
  writeFileSync(page, withLessons(readFileSync(page, 'utf8'), lessons));
}

function writePictures() {
  return run(['playwright', 'test', '-c', 'test/browser', 'pictures'], { REHEARSAL_PICTURES: '1' });
}

async function run(words, variables) {
  const { failure } = await start(words, 'inherit', variables);
  return failure;
}

function missingBrowser() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, 'chromium')))
    ? undefined
    : 'no chromium on the PATH; install the Debian package chromium';
}

function missingSdks() {
  const missing = missingSdkParts(root, true).map(({ what }) => what);
  return missing.length === 0 ? undefined : `missing: ${missing.join('; ')}; run \`npm test\`, which installs them`;
}
