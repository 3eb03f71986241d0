import { attackTally } from '../../../../core/findings/attack-results.ts';
import type { Run } from '../../../../core/run/run.ts';
import { counted } from '../format/counted.ts';
import { AttackBadge } from './attack-badge.tsx';

/** Says how many attempts of attackers succeeded in a run. Shows nothing for a run without attackers. */
export function AttackTally({ run }: { readonly run: Run }) {
  const { attempts, breached } = attackTally(run.history);
  if (attempts === 0) return null;
  return (
    <p class="attack-tally">
      <AttackBadge result={breached.length > 0 ? 'breach' : 'refused'} />
      {breached.length > 0
        ? `The attacker was accepted as ${breached.length} of ${counted(attempts, 'device')}.`
        : `The attacker was accepted as none of ${counted(attempts, 'device')}.`}
    </p>
  );
}
