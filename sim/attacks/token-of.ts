import { z } from 'zod';
import { defined } from '../../core/defined.ts';
import { addDuration } from '../../core/time/duration.ts';
import { formatSas, signSas } from '../../core/wire/sas.ts';
import { signedDuration } from '../scenario/words/words.ts';
import type { Attacker } from './attacker.ts';

/** Arguments for a token that the step makes with a key from the loot. Each argument can make one part of the token wrong. */
export const tokenWords = z
  .strictObject({
    for: z.string().min(1).optional().meta({
      description: 'Resource of the token. Default: the resource of the request.',
    }),
    expires: signedDuration('Time until the token expires. A negative duration means an expired token.').default(
      'PT1H',
    ),
    keyName: z.string().min(1).nullable().optional().meta({
      description: 'Key name (skn) of the token. Default: the key name that the service expects. null: no key name.',
    }),
    without: z.enum(['sr', 'sig', 'se']).optional().meta({ description: 'Part that the token lacks.' }),
  })
  .meta({
    description: 'Parts of the token, if the loot is a key. If the loot is a token, the attacker sends it unchanged.',
  });

/** Default values for the parts of a token that the arguments of the step do not set. */
interface Usual {
  readonly resource: string;
  /** Key name (`skn`) if the loot is not a policy key; undefined if such a token has no key name. */
  readonly keyName: string | undefined;
}

/**
 * Makes a token with the loot, or returns the loot if it already is a token.
 * @throws StepProblem if the loot is neither a key nor a token.
 */
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
      `loot "${name}" has the kind ${loot.kind}, but a token needs a symmetric key or the key of a policy; name other loot`,
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
