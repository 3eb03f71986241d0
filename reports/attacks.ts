import type { AttackCard } from '../core/run/attack.ts';
import type { Run } from '../core/run/run.ts';
import { markdownLink, markdownText } from './markup/markdown-text.ts';
import type { Playback } from './playback.ts';
import { spokenTitle } from './sentences/spoken-title.ts';
import { outcomeText } from './sentences/outcome-text.ts';

/**
 * Text of attacks.md: each attack with what its scenarios showed, the design on which it succeeds beside the one on which it
 * fails. The same for every run in which the same came out, as guide.md is.
 */
export function attacksMarkdown({
  attacks,
  played,
  sabotage,
}: Pick<Playback, 'attacks' | 'played' | 'sabotage'>): string {
  if (sabotage !== undefined)
    return `No attacks: the check \`${sabotage}\` was switched off, and what came of it says nothing of a design.\n`;
  const runs = played.map(({ run }) => run).toSorted((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return [...introduction, ...attacks.flatMap((attack) => attackLines(attack, runs))].join('\n');
}

const introduction = [
  '# Attacks, and the designs that they fail on',
  '',
  '<!-- Made by `npm run generate` from sim/attacks and a run of the scenarios. Change those, not this page. -->',
  '',
  'An attacker holds what he took and acts over the same wires as every device; that he succeeds is never declared.',
  '**wrong** is a design on which the attack succeeds, **well** one on which it does not, with the check that decided.',
  '',
];

function attackLines(attack: AttackCard, runs: readonly Run[]): readonly string[] {
  const own = runs.filter((run) => run.attack === attack.id);
  return [
    `## ${markdownText(attack.title)}`,
    '',
    `\`${attack.id}\``,
    '',
    `- **Needs:** ${markdownText(attack.needs)}`,
    `- **Does:** ${markdownText(attack.does)}`,
    `- **What the defender sees:** ${markdownText(attack.seen)}`,
    `- **Cleanup:** ${markdownText(attack.cleanup)}`,
    '',
    ...(own.length === 0
      ? ['No scenario rehearses it yet.']
      : [
          '| | scenario | what came of it |',
          '|---|---|---|',
          ...own.map(
            (run) =>
              `| ${run.shows ?? ''} | ${markdownLink(spokenTitle(run), `../${run.file}`)} | ${outcomeText(run)} |`,
          ),
        ]),
    '',
  ];
}
