import { checks } from '../../core/checks.ts';
import { markdownText } from '../markup/markdown-text.ts';
import { vocabularyOf, type StepWords } from './vocabulary-of.ts';
import type { Schema } from './schema.ts';
import type { WordRow } from './word-rows.ts';

/** Every word of a scenario file and every step, from the schema that an editor completes with: Markdown for docs/words.md. */
export function wordsMarkdown(schema: Schema): string {
  const { head, expect, steps } = vocabularyOf(schema);
  return [
    '# Every word of a scenario file',
    '',
    '<!-- Made by `npm run generate` from the steps in sim/. Change those, not this page. -->',
    '',
    '**Bold** words have to be there. `NAME` is a name that you choose, `[]` an entry of a list. `rehearse list` prints the same.',
    '',
    'A value may be written as `"${word}"`, and a `matrix` gives it its values: the timeline is run once for each entry. A placeholder',
    'stands for a value, never for a word before a colon: write `expect: "${outcome}"` and give the whole value in the matrix. If the',
    'entry gives `null`, the word is left out as if it were not written; a step whose own word gets `null` is left out as a whole:',
    '',
    '```yaml',
    'matrix:',
    '  - { name: enrolled, whom: meter, outcome: { assigned: hub-eu } }',
    '  - { name: forgotten, whom: null, outcome: { refused: enrollment-found } }',
    'timeline:',
    '  - issue-certificate: { device: meter, from: factory }',
    '  - enroll: "${whom}"            # does not happen in the second variant',
    '  - power-on: meter',
    '    expect: "${outcome}"',
    '```',
    '',
    '## The head',
    '',
    ...table(head),
    '',
    '## The steps of a timeline',
    '',
    'Each step may have `after` (a duration from the step before), `at` (the station that does it) and `expect` beside it.',
    '`expect` says what must come out of the step. It is for steps in which something is decided:',
    '',
    `- always: ${namesOf(steps.filter(({ expects }) => expects === 'always'))}`,
    '- with `at` only: all other steps. What is decided there is whether the station reaches what it needs (`station-online`).',
    '',
    ...steps.flatMap(stepLines),
    '## The words of expect',
    '',
    'Every word that is written must hold.',
    '',
    ...table(expect),
    '',
    '## The checks',
    '',
    'What `refused` and `caught` may name, and `--sabotage`.',
    '',
    '| check | it holds if |',
    '|---|---|',
    ...Object.entries(checks).map(([id, sentence]) => `| \`${id}\` | ${markdownText(sentence)} |`),
    '',
  ].join('\n');
}

function stepLines({ name, summary, expects, words }: StepWords): readonly string[] {
  return [
    `### ${name}`,
    '',
    markdownText(summary),
    '',
    expects === 'always' ? 'Beside it: `expect`.' : 'Beside it: `expect` if `at` is there.',
    '',
    ...table(words),
    ...(words.length === 0 ? [] : ['']),
  ];
}

function namesOf(steps: readonly StepWords[]): string {
  return steps.map(({ name }) => `\`${name}\``).join(', ');
}

function table(rows: readonly WordRow[]): readonly string[] {
  if (rows.length === 0) return [];
  return ['| word | takes | |', '|---|---|---|', ...rows.map(line)];
}

function line({ word, isNeeded, takes, sentence }: WordRow): string {
  const name = isNeeded ? `**\`${word}\`**` : `\`${word}\``;
  return `| ${name} | ${takes} | ${described(sentence)} |`;
}

/** What stands in backticks at the end, such as a default, stays as it is. */
function described(sentence: string): string {
  const at = sentence.endsWith('`.') ? sentence.indexOf('Default: `') : -1;
  const said = at < 0 ? sentence : sentence.slice(0, at);
  const rest = at < 0 ? '' : sentence.slice(at);
  return `${markdownText(said.trimEnd())}${said.trimEnd() === '' || rest === '' ? '' : ' '}${rest}`;
}
