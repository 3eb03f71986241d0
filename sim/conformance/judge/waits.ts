import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { exchanges } from './exchanges.ts';
import { failed, notExercised, passed, type Finding } from './finding.ts';
import { showMs, timerToleranceMs } from './gaps.ts';
import type { EventOf, WorldRecord } from './world-record.ts';

/** An answer of DPS with retry-after, and the next action of the client at DPS. */
export interface Wait {
  readonly answer: EventOf<'dps-answer'>;
  readonly seconds: number;
  /** The next request of the device API, or CONNECT to DPS. */
  readonly next: WireEvent;
  readonly ms: number;
}

/** Returns the wait after each answer with retry-after for which `isMeant` is true. Omits answers without a later action of the client. */
export function waits(record: WorldRecord, isMeant: (answer: EventOf<'dps-answer'>) => boolean): readonly Wait[] {
  return exchanges(record).flatMap(({ request, answer }) => {
    const seconds = answer?.retryAfterSeconds;
    if (answer === undefined || seconds === undefined || !isMeant(answer)) return [];
    const next = record.events.find(
      (event) =>
        event.at >= answer.at &&
        event !== request &&
        ((event.kind === 'dps-request' &&
          event.registrationId === request.registrationId &&
          record.events.indexOf(event) > record.events.indexOf(answer)) ||
          (event.kind === 'connect' &&
            event.service === 'dps' &&
            event.identity === request.registrationId &&
            record.events.indexOf(event) > record.events.indexOf(answer))),
    );
    return next === undefined ? [] : [{ answer, seconds, next, ms: next.at - answer.at }];
  });
}

/** Judges whether the client waits for the time of retry-after before its next action at DPS. */
export function judgeWaits(record: WorldRecord, isMeant: (answer: EventOf<'dps-answer'>) => boolean): Finding {
  const found = waits(record, isMeant);
  const early = found.find(({ ms, seconds }) => ms < seconds * 1000 - timerToleranceMs);
  if (early !== undefined) {
    return failed(
      `no request within ${early.seconds} s after an answer with retry-after ${early.seconds}`,
      `the next request came after ${showMs(early.ms)}`,
      early.answer,
      early.next,
    );
  }
  const [first] = found;
  return first === undefined
    ? notExercised('the client sent no request after an answer with retry-after')
    : passed(
        `the client waited ${showMs(first.ms)} after an answer with retry-after ${first.seconds}`,
        first.answer,
        first.next,
      );
}
