import type { Millis } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';

/**
 * Ways in which a device reacts to an answer with status 429 or 5xx. `back-off`, `at-once` and `none` are modes of Rehearsal. Each other
 * mode has the name of the published SDK whose behaviour it follows.
 */
export const retryModes = [
  'back-off',
  'at-once',
  'none',
  'node-mqtt',
  'node-http',
  'node-amqp',
  'c',
  'csharp',
  'python',
  'embedded-c',
  'iot-identity-service',
] as const;

export type RetryMode = (typeof retryModes)[number];

/** The traits of a device that decide how it retries. */
export interface RetryTraits {
  readonly retry: RetryMode;
  readonly random: Pick<Random, 'number'>;
  /** Number of refusals in a row at which the retry modes `back-off` and `at-once` give up. Default: 8. */
  readonly tries?: number | undefined;
}

/** An answer with status 429, or with 500 and above. */
export interface BusyAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Returns the time that a device waits before its next register request, or undefined if it gives up. With `back-off`, the base wait is
 * Retry-After or twice the previous base wait, whichever is longer. A random part of up to the same length keeps the devices of a rejected
 * fleet from returning at the same moment. The modes of the SDKs follow their sources: see docs/fleets.md.
 * @param tries number of rejected requests so far.
 * @param elapsedMs time since the first request.
 */
export function waitBeforeRetry(
  { retry, random, tries: limit = defaultTries }: RetryTraits,
  tries: number,
  retryAfterSeconds: number | undefined,
  { status = 429, elapsedMs = 0 }: { readonly status?: number; readonly elapsedMs?: Millis } = {},
): Millis | undefined {
  if (tries >= triesAtMost) return undefined;
  switch (retry) {
    case 'none':
    case 'node-http':
    case 'node-amqp':
    case 'csharp':
    case 'iot-identity-service':
      return undefined;
    case 'at-once':
      return tries >= limit ? undefined : 0;
    case 'back-off': {
      if (tries >= limit) return undefined;
      const seconds = Math.max(retryAfterSeconds ?? 0, 2 ** Math.min(tries - 1, longestDoubling));
      return Math.round(seconds * 1000 * (1 + random.number()));
    }
    case 'node-mqtt':
    case 'python':
      return (retryAfterSeconds ?? sdkPollSeconds) * 1000;
    case 'c': {
      const wait = secondsOfC(retryAfterSeconds) * 1000;
      return elapsedMs + wait > patienceOfC ? undefined : wait;
    }
    case 'embedded-c': {
      if (status !== 429 && status !== 500) return undefined;
      const seconds = retryAfterSeconds ?? Math.min(100, 2 ** Math.min(tries - 1, longestDoubling));
      return Math.round(seconds * 1000 + random.number() * 5000);
    }
  }
}

/**
 * Returns the time that a device waits before it polls its operation.
 *
 * @param polls number of polls so far.
 */
export function waitBeforePoll(
  { retry, random }: Pick<RetryTraits, 'retry' | 'random'>,
  polls: number,
  retryAfterSeconds: number | undefined,
): Millis {
  switch (retry) {
    case 'csharp':
      return Math.round(Math.max(retryAfterSeconds ?? 0, sdkPollSeconds) * 1000 + random.number() * 5000);
    case 'c':
      return secondsOfC(retryAfterSeconds) * 1000;
    case 'python':
      return (polls === 0 ? sdkPollSeconds : (retryAfterSeconds ?? sdkPollSeconds)) * 1000;
    case 'embedded-c':
      return (retryAfterSeconds ?? 1) * 1000;
    case 'iot-identity-service':
      return 5000;
    case 'back-off':
    case 'at-once':
    case 'none':
    case 'node-mqtt':
    case 'node-http':
    case 'node-amqp':
      return (retryAfterSeconds ?? sdkPollSeconds) * 1000;
  }
}

/**
 * Returns the time that a device waits after DPS answered a poll with 429 or with 500 and above, or undefined if it gives up.
 * @param busy number of such answers so far.
 */
export function waitBeforePollAgain(
  traits: RetryTraits,
  busy: number,
  { status, retryAfterSeconds }: BusyAnswer,
): Millis | undefined {
  if (traits.retry === 'csharp') return waitBeforePoll(traits, busy, retryAfterSeconds);
  return waitBeforeRetry(traits, busy, retryAfterSeconds, { status });
}

/** Returns true if the waits before the polls of a device do not depend on chance. */
export function hasFixedPolls(retry: RetryMode): boolean {
  return retry !== 'csharp';
}

/** The C SDK accepts a Retry-After of 1 to 300 seconds. It waits 1 second for any other value. */
function secondsOfC(retryAfterSeconds: number | undefined): number {
  const seconds = retryAfterSeconds ?? 1;
  return seconds >= 1 && seconds <= 300 ? seconds : 1;
}

/** A device gives up at this number of rejections. */
const defaultTries = 8;
/** Every device gives up at this number of rejections, so that every run ends. The SDKs have no such limit. */
const triesAtMost = 1000;
/** The longest wait of a back-off is 4096 seconds. */
const longestDoubling = 12;
/** The SDKs wait two seconds if the service sends no Retry-After. */
const sdkPollSeconds = 2;
/** The C SDK gives up a registration after 60 seconds. */
const patienceOfC = 60_000;
