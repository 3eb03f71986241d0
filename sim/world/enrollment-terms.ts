import { defined } from '../../core/defined.ts';
import type { EnrollmentGroup } from '../../core/wire/enrollment.ts';
import type { AllocationWords } from '../scenario/words/allocation-words.ts';
import { hubHost, StepProblem, type World } from './world.ts';

type Terms = Pick<
  EnrollmentGroup,
  'allocationPolicy' | 'hubs' | 'reprovisionPolicy' | 'customAllocation' | 'initialTwin'
>;

/** The terms of an enrollment about hubs, from the words of a scenario. */
export function enrollmentTerms(world: Pick<World, 'webhook'>, words: AllocationWords): Terms {
  const { allocation, reprovision, initialTwin, hubs = [] } = words;
  return {
    hubs: hubs.map(hubHost),
    ...defined({ allocationPolicy: allocation }),
    ...(allocation === 'custom' ? { customAllocation: webhookOf(world) } : {}),
    ...defined({ reprovisionPolicy: reprovision }),
    // An absent word is no word on the wire either.
    ...(initialTwin === undefined ? {} : { initialTwin: initialTwin as NonNullable<Terms['initialTwin']> }),
  };
}

function webhookOf({ webhook }: Pick<World, 'webhook'>): NonNullable<Terms['customAllocation']> {
  if (webhook === undefined) throw new StepProblem('custom allocation asks a webhook; write one under cloud: webhook:');
  return { webhookUrl: webhook.url, apiVersion: '2021-10-01' };
}
