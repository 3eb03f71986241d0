import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { steps } from '../../sim/steps/index.ts';
import { type Schema, wordsMarkdown } from '../../reports/words.ts';

const schema: Schema = JSON.parse(readFileSync('scenarios/schema.json', 'utf8'));

test('docs/words.md is what the schema says', () => {
  expect(readFileSync('docs/words.md', 'utf8'), 'docs/words.md is stale: node scripts/words.mjs').toBe(
    wordsMarkdown(schema),
  );
});

test('every step is there, with what it takes', () => {
  const text = wordsMarkdown(schema);
  expect(steps.filter(({ name }) => !text.includes(`\n### ${name}\n`)).map(({ name }) => name)).toEqual([]);
  expect(text).toContain('| **`device`** | text |');
  expect(text).toContain('| **`devices.NAME.attestation`** | `x509`, `tpm`, `symmetricKey` |');
});
