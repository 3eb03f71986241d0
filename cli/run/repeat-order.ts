import { Random } from '../../core/random.ts';

/**
 * Shuffles the files and the scenarios in each file by `seed`. Scenarios of one file stay together, so that a worker reads the file once.
 */
export function repeatOrder<T extends { readonly file: string }>(scenarios: readonly T[], seed: string): readonly T[] {
  const random = new Random(seed);
  const byFile = new Map<string, T[]>();
  for (const one of scenarios) byFile.set(one.file, [...(byFile.get(one.file) ?? []), one]);
  return shuffled([...byFile.values()], random).flatMap((group) => shuffled(group, random));
}

/** Each order is equally likely (Fisher–Yates shuffle). */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(Math.floor(random.number() * rest.length), 1));
}
