import type { Clock, Millis } from '../../../core/time/clock.ts';
import type { Cloud, CloudSettings } from '../../../core/cloud/cloud.ts';
import { firstFailed, type Decision } from '../../../core/history/decision.ts';
import { defaultFidelity } from '../../../core/cloud/fidelity.ts';
import { History } from '../../../core/history/history.ts';
import { Random } from '../../../core/random.ts';
import { startCloud } from '../../../mocks/start-cloud.ts';

/** A clock that stands still at the instant that a test sets. */
interface SettableClock extends Clock {
  set(instant: Millis): void;
}

/** A cloud on free ports, with a settable clock and the history of the cloud. */
export interface OpenCloud {
  readonly cloud: Cloud;
  readonly clock: SettableClock;
  readonly history: History;
  /** Returns the decisions that the services have made so far. */
  decisions(): Decision[];
  /** Returns the last decision as one line: the service that made it, and its first failed check or `passed`. */
  lastVerdict(): string;
}

export const idScope = '0ne00000A1B';
export const hubs = ['hub-eu.azure-devices.net', 'hub-us.azure-devices.net'] as const;
export const noon: Millis = Date.UTC(2026, 0, 5, 12);

/** Quotas that no test reaches. With a clock that stands still, a real quota would be used up. */
const roomy = { registrationsPerMinute: 1e6, operationsPerMinute: 1e6, pollsPer10s: 1e6 } as const;

/** Starts the mock cloud at noon. An omitted setting has the value of the real service, except the quotas. */
export async function openCloud(settings: Partial<CloudSettings> = {}): Promise<OpenCloud> {
  const clock = settableClock(noon);
  const history = new History(clock);
  const cloud = await startCloud({
    clock,
    history,
    random: new Random('mocks'),
    idScope,
    hubs,
    fidelity: defaultFidelity,
    retryAfterSeconds: 3,
    assignmentMs: 2000,
    quotas: roomy,
    ...settings,
  });
  const decisions = (): Decision[] => history.events().filter((event) => event.kind === 'decision');
  const lastVerdict = (): string => {
    const last = decisions().at(-1);
    return last === undefined ? 'none' : `${last.judge} ${firstFailed(last)?.check ?? 'passed'}`;
  };
  return { cloud, clock, history, decisions, lastVerdict };
}

function settableClock(start: Millis): SettableClock {
  let now = start;
  return {
    now: () => now,
    sleep: () => Promise.reject(new Error('nothing in the mock cloud sleeps')),
    set: (instant) => {
      now = instant;
    },
  };
}
