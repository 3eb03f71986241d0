import { z } from 'zod';
import { never } from '../../history/events.ts';
import { duration } from '../../schema/duration.ts';
import { defineWord, type ExpectationWord } from './define-word.ts';
import { effectTime } from './effect-time.ts';

/** Defines a word whose value is the time from a defence to its effect: an ISO 8601 duration, or `never`. */
export function defineDrillTime<Name extends 'outOfDps' | 'outOfHub'>(
  name: Name,
  description: string,
  place: string,
): ExpectationWord<Name, string, string> {
  return defineWord({
    name,
    schema: z.union([z.literal(never), duration(description)]),
    ofStep: ({ events }) => events.findLast((event) => event.kind === 'drill')?.[name],
    phrases: (actual = never) => [
      actual === never ? `${place} never rejects the attacker` : `${place} rejects the attacker ${effectTime(actual)}`,
    ],
    expectsSuccess: (expected) => expected !== never,
  });
}
