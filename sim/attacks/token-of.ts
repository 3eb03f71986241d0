import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { addDuration } from '../../core/time/duration.ts';
import { formatSas, signSas } from '../../core/wire/sas.ts';
import { signedDuration } from '../scenario/words/words.ts';
import type { Attacker } from './attacker.ts';

/** Words of a token that is made with a key, right or wrong in any of its parts. */
export const tokenWords = z
  .strictObject({
    for: z.string().min(1).optional().meta({
      description: 'Resource that it is made for; what the request is about where absent.',
    }),
    expires: signedDuration('From now on; with a minus, so long ago.').default('PT1H'),
    keyName: z.string().min(1).nullable().optional().meta({
      description: 'Name of the key that it gives; the usual one where absent, none with null.',
    }),
    without: z.enum(['sr', 'sig', 'se']).optional().meta({ description: 'A part that is left out.' }),
  })
  .meta({
    description: 'How the token is made, where what is held is a key; a token that was taken is sent as it is.',
  });

/** What a token is made for where nobody says otherwise. */
interface Usual {
  readonly resource: string;
  /** Name of a key that is not a policy's. */
  readonly keyName: string | undefined;
}

/** The text of a token that is made with loot, or is the loot. @throws StepProblem where it makes none. */
export function tokenOf(
  attacker: Attacker,
  name: string,
  words: z.output<typeof tokenWords> | undefined,
  usual: Usual,
): string {
  const loot = attacker.held(name);
  if (loot.kind === 'token') return loot.token;
  if (loot.kind !== 'symmetric-key' && loot.kind !== 'policy-key') {
    return attacker.refuse(`a token is made with a symmetric key or the key of a policy, and ${name} is neither`);
  }
  const now = attacker.clock.now();
  const se = Math.floor(addDuration(now, words?.expires ?? 'PT1H') / 1000);
  const sr = encodeURIComponent(words?.for ?? usual.resource);
  const usualName = loot.kind === 'policy-key' ? loot.policy : usual.keyName;
  const skn = words?.keyName === undefined ? usualName : (words.keyName ?? undefined);
  const token = formatSas({ sr, sig: signSas(loot.key, sr, se), se, ...defined({ skn }) });
  const { without } = words ?? {};
  return without === undefined ? token : token.replace(new RegExp(`(?<=[ &])${without}=[^&]*&?`), '');
}
