import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { register } from 'tsx/esm/api';
import { missingSdkParts } from '../sdk/sdk-parts.mjs';
import { root, start } from '../start.mjs';

/**
 * The generated files, part by part. The order is such that no part needs the files of a later part. `write` returns the reason of a
 * failure. `missing` returns the reason why a part cannot be made on this machine.
 *
 * @type {readonly { name: string, files: readonly string[], missing?: () => string | undefined, write: () => Promise<string | undefined> }[]}
 */
export const parts = [
  { name: 'schemas', files: ['scenarios/schema.json', 'reports/*.schema.json'], write: writeSchemas },
  { name: 'words', files: ['docs/words.md'], write: writeWords },
  { name: 'training', files: ['docs/training.md'], write: writeTraining },
  { name: 'guide', files: ['docs/guide.md', 'docs/attacks.md'], write: () => run(['node', 'scripts/guide.mjs']) },
  { name: 'mutation', files: ['docs/mutation.md'], write: () => run(['node', 'scripts/mutation.mjs']) },
  { name: 'pictures', files: ['docs/pictures/*'], missing: missingBrowser, write: writePictures },
  { name: 'sdks', files: ['docs/sdks.md'], missing: missingSdks, write: () => run(['node', 'scripts/sdk-table.mjs']) },
  { name: 'durations', files: ['test/durations.json'], write: writeDurations },
];

async function writeSchemas() {
  const { schemas, schemaText } = await source('../../cli/schema-text.ts');
  for (const [name, { file }] of Object.entries(schemas)) writeFileSync(join(root, file), schemaText(name));
}

async function writeWords() {
  const { schemas } = await source('../../cli/schema-text.ts');
  const { wordsMarkdown } = await source('../../reports/words/words-markdown.ts');
  writeFileSync(join(root, 'docs', 'words.md'), wordsMarkdown(schemas.scenario.schema()));
}

async function writeTraining() {
  const { lessons } = await source('../../reports/html/studio/lessons/index.ts');
  const { withLessons } = await source('../../reports/words/lessons-markdown.ts');
  const page = join(root, 'docs', 'training.md');
  writeFileSync(page, withLessons(readFileSync(page, 'utf8'), lessons));
}

/** Loads a module of TypeScript. Loading takes seconds, so a part loads the module only when it writes its files. */
function source(path) {
  register();
  return import(path);
}

function writePictures() {
  return run(['playwright', 'test', '-c', 'test/browser', 'pictures'], { REHEARSAL_PICTURES: '1' });
}

function writeDurations() {
  const reporters = ['--reporter=default', '--reporter=scripts/check/vitest-durations.mjs'];
  return run(['vitest', 'run', '--update=none', '--project', 'together', ...reporters]);
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
