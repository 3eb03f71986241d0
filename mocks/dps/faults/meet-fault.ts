import type { CloudSettings } from '../../../core/cloud/cloud.ts';
import type { DecisionTrace } from '../../../core/history/decision.ts';
import type { DeviceOperation } from '../../../core/cloud/faults.ts';
import { problems } from '../../../core/wire/problems.ts';
import { refusal, type Answer } from '../answer.ts';
import type { Faults } from './faults.ts';

/**
 * Applies the injected fault that affects this call, and records it in `trace`. Returns the answer of the fault; undefined if
 * no fault affects the call or the fault was only a delay.
 */
export async function meetFault(
  faults: Faults,
  { registrationId, operation }: { readonly registrationId: string; readonly operation: DeviceOperation },
  trace: DecisionTrace,
  { clock, random, history }: CloudSettings,
): Promise<Answer | undefined> {
  const struck = faults.strike(registrationId, operation);
  if (struck === undefined) return undefined;
  const { id, effect } = struck;
  const note = (what: string): void => {
    const sentence = `${id}: the ${operation} call ${what}`;
    history.record({ kind: 'deed', party: 'cloud-operator', subject: registrationId, sentence });
  };
  const isSpared = (what: string): boolean => trace.check('no-fault-ordered', false, 'no fault', `${id}: ${what}`);
  switch (effect.kind) {
    case 'delay':
      note(`is delayed by ${effect.delayMs} ms`);
      await clock.sleep(effect.delayMs);
      return undefined;
    case 'drop':
      if (isSpared('an injected fault closes the connection')) return undefined;
      note('is dropped: the connection is closed');
      return { ...refusal(problems.internal, random, clock), dropped: true };
    case 'answer': {
      if (isSpared(`the answer ${effect.status}`)) return undefined;
      note(`is answered with ${effect.status}`);
      const { retryAfterSeconds } = effect;
      const answer = refusal(problemOf[effect.status], random, clock);
      return retryAfterSeconds === undefined ? answer : { ...answer, retryAfterSeconds };
    }
  }
}

const problemOf = { 429: problems.tooManyRequests, 500: problems.internal, 503: problems.unavailable } as const;
