import { expect, test } from 'vitest';
import type { AttackCard } from '../../core/run/attack.ts';
import { attacksMarkdown } from '../../reports/attacks.ts';
import { played, playbackOf, sampleRun } from './sample-playback.ts';

const attacks: readonly AttackCard[] = [
  { id: 'leak', title: 'A <key> leaks', needs: 'One device.', does: 'Signs.', seen: 'Nothing.', cleanup: 'A recall.' },
  { id: 'rare', title: 'Never played', needs: 'Luck.', does: 'Waits.', seen: 'Nothing.', cleanup: 'None.' },
];
const run = sampleRun('attacks/leak#shared', 'pass', 'as expected', {
  file: 'attacks/leak.yaml',
  attack: 'leak',
  shows: 'wrong',
});

test('`attacksMarkdown` writes the results of each attack, and lists the attacks without scenarios', () => {
  const text = attacksMarkdown({ ...playbackOf([played(run)], {}), attacks });
  expect(text).toContain('## A \\<key\\> leaks\n\n`leak`\n\n- **Needs:** One device.\n');
  expect(text).toContain('| wrong | [');
  expect(text).toContain('](../attacks/leak.yaml)');
  expect(text).toContain('`rare`');
  expect(text.split('No scenario covers this attack yet.')).toHaveLength(2);
});

test('`attacksMarkdown` states which check was disabled in the run', () => {
  const text = attacksMarkdown({ ...playbackOf([played(run)], { sabotage: 'token-fresh' }), attacks });
  expect(text).toContain('the check `token-fresh` was disabled');
});
