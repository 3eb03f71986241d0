#!/usr/bin/env node
// `node scripts/words.mjs`: writes docs/words.md from scenarios/schema.json. A test says when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { root } from './start.mjs';

register();
const { wordsMarkdown } = await import('../reports/words/words-markdown.ts');
const schema = JSON.parse(readFileSync(join(root, 'scenarios', 'schema.json'), 'utf8'));
writeFileSync(join(root, 'docs', 'words.md'), wordsMarkdown(schema));
