import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { addDuration } from '../../core/time/duration.ts';
import { formatSas, signSas } from '../../core/wire/sas.ts';
import { signedDuration } from '../scenario/words/words.ts';
import type { Attacker } from './attacker.ts';

/** Arguments of a token that is made with a key. Any part of it can be wrong. */
export const tokenWords = z
  .strictObject({
    for: z.string().min(1).optional().meta({
      description: 'Resource of the token. Default: the resource of the request.',
    }),
    expires: signedDuration('Time until it expires. A negative duration is in the past.').default('PT1H'),
    keyName: z.string().min(1).nullable().optional().meta({
      description: 'Key name of the token. Default: the usual one. null: none.',
    }),
    without: z.enum(['sr', 'sig', 'se']).optional().meta({ description: 'Part that is left out.' }),
  })
  .meta({
    description: 'Parts of the token, if the loot is a key. A token that is loot is sent unchanged.',
  });

/** The default parts of a token. */
interface Usual {
  readonly resource: string;
  /** Name of a key that belongs to no policy. */
  readonly keyName: string | undefined;
}

/** Returns a token that is made with the loot, or the loot itself if it is a token. @throws StepProblem if it is neither. */
export function tokenOf(
  attacker: Attacker,
  name: string,
  words: z.output<typeof tokenWords> | undefined,
  usual: Usual,
): string {
  const loot = attacker.held(name);
  if (loot.kind === 'token') return loot.token;
  if (loot.kind !== 'symmetric-key' && loot.kind !== 'policy-key') {
    return attacker.refuse(
      `loot "${name}" has the kind ${loot.kind}, and a token needs a symmetric key or the key of a policy; name other loot`,
    );
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
