import type { ObservedRegistration } from './registrations.ts';

/** Returns the last registration of each device, in the order of the history. */
export function lastOfEachDevice(all: readonly ObservedRegistration[]): readonly ObservedRegistration[] {
  const last = new Map<string, number>();
  for (const [index, { registration }] of all.entries()) last.set(registration.device, index);
  return [...last.values()].toSorted((one, other) => one - other).flatMap((index) => all[index] ?? []);
}
