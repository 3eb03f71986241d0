import type { FleetTerms } from '../../core/cloud/fleet-rules.ts';
import type { DeviceOperation, FaultEffect } from '../../core/cloud/faults.ts';
import { Quota } from '../../core/rules/quota.ts';
import { retryAfterSeconds } from '../../core/rules/retry-after-seconds.ts';
import type { Millis } from '../../core/time/clock.ts';
import { pollLimit } from '../devices/register.ts';
import { waitBeforePoll, waitBeforePollAgain, type RetryTraits } from '../devices/retry.ts';

/** The outcome of the polls of one device. */
export interface PollEnd {
  readonly at: Millis;
  /** `throttled`: the device gave up after an answer with status 429. `fault`: it gave up after a fault of the service. */
  readonly kind: 'done' | 'throttled' | 'fault' | 'dropped' | 'endless';
  /** HTTP status of the fault. */
  readonly status: number;
}

/** The rules by which the service answers polls. */
export interface PollRules {
  readonly terms: FleetTerms;
  readonly faultAt: (operation: DeviceOperation, now: Millis) => FaultEffect | undefined;
}

/** Computes the polls of an operation that began at `begun`, as a device sends them (`register.ts`). Returns their outcome. */
export function pollToTheEnd(traits: RetryTraits, begun: Millis, { terms, faultAt }: PollRules): PollEnd {
  const quota = new Quota(terms.pollQuota);
  const doneAt = begun + terms.assignmentMs;
  let at = begun;
  let answer: Answer = { kind: 'running', status: 202, retryAfterSeconds: terms.retryAfterSeconds };
  let busy = 0;
  for (let polls = 0; polls < pollLimit; polls++) {
    const wait =
      answer.kind === 'running'
        ? waitBeforePoll(traits, polls, answer.retryAfterSeconds)
        : waitBeforePollAgain(traits, ++busy, answer);
    if (wait === undefined) return { at, kind: answer.kind === 'fault' ? 'fault' : 'throttled', status: answer.status };
    at += wait;
    const fullUntil = quota.take(at);
    if (fullUntil !== undefined && !terms.isDisabled('poll-quota-left')) {
      const seconds = terms.tellsRetryAfter ? retryAfterSeconds(fullUntil, at) : undefined;
      answer = { kind: 'throttled', status: 429, retryAfterSeconds: seconds };
      continue;
    }
    const fault = faultAt('operation-status', at);
    if (fault?.kind === 'delay') at += fault.delayMs;
    else if (fault?.kind === 'drop') return { at, kind: 'dropped', status: 0 };
    else if (fault !== undefined) {
      answer = { kind: 'fault', status: fault.status, retryAfterSeconds: fault.retryAfterSeconds };
      continue;
    }
    if (at >= doneAt) return { at, kind: 'done', status: 200 };
    answer = { kind: 'running', status: 202, retryAfterSeconds: terms.retryAfterSeconds };
  }
  if (answer.kind === 'running') return { at, kind: 'endless', status: 202 };
  return { at, kind: answer.kind, status: answer.status };
}

interface Answer {
  readonly kind: 'running' | 'throttled' | 'fault';
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}
