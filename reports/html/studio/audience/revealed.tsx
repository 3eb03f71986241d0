import { attackTally } from '../../../../core/findings/attack-results.ts';
import type { Run } from '../../../../core/run/run.ts';
import { AttackBadge } from '../../page/attack/attack-badge.tsx';
import { counted } from '../../page/format/counted.ts';
import { stepOutcomes } from '../../page/scenario/step-outcomes.ts';
import { VerdictBadge } from '../../page/verdict-badge.tsx';

/** The page after the presenter has revealed the result: the outcome in one large sentence, the results of the steps, and the lesson. */
export function Revealed({ run }: { readonly run: Run }) {
  const { sentence, tone } = headlineOf(run);
  return (
    <section class={`revealed ${tone}`} aria-label={`Result of ${run.title}`}>
      <p class="headline">{sentence}</p>
      <h2>Result</h2>
      <ul>
        {stepOutcomes(run).map(({ verdict, devices, attack }) => (
          <li key={`${verdict.step} ${verdict.line} ${devices[0]}`}>
            {attack !== undefined && <AttackBadge result={attack} />}
            {verdict.step + 1} · {verdict.name} ·{' '}
            {devices.length > 2 ? `${devices.length} devices` : devices.join(', ')}: {verdict.happened.split(': ')[0]}
          </li>
        ))}
      </ul>
      <p>
        Compared with the expected outcome: <VerdictBadge kind={run.verdict.kind} />
      </p>
      {run.teaches !== undefined && (
        <p class="teaches">
          <b>Lesson:</b> {run.teaches}
        </p>
      )}
    </section>
  );
}

/** Returns the outcome of a run for an audience. A successful attack has the tone `bad`, even if the scenario expects it. */
function headlineOf(run: Run): { readonly sentence: string; readonly tone: 'good' | 'bad' } {
  const { attempts, breached } = attackTally(run.history);
  if (attempts > 0) {
    return breached.length > 0
      ? {
          sentence: `⚠ Breach: ${breached.length} of ${counted(attempts, 'identity', 'identities')} impersonated`,
          tone: 'bad',
        }
      : { sentence: '✓ The attacker impersonated no identity', tone: 'good' };
  }
  const last = run.registrations.at(-1);
  if (last === undefined) return { sentence: 'No device registered', tone: 'good' };
  return last.outcome === 'assigned'
    ? { sentence: `✓ ${last.device} is in service`, tone: 'good' }
    : { sentence: `✕ ${last.device} is not in service`, tone: 'bad' };
}
