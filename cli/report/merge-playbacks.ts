import type { Playback } from '../../reports/playback.ts';

/** One part of a whole, and what a person calls it. */
export interface Part {
  readonly name: string;
  readonly playback: Playback;
}

/**
 * One playback of many that played parts of the same suite.
 *
 * @returns a sentence where the parts are not of one kind or seed, overlap, or one of them is missing or did not come to its end.
 */
export function mergePlaybacks(parts: readonly Part[]): Playback | string {
  const [first] = parts;
  if (first === undefined) return 'there is nothing to merge';
  const problem = unfinished(parts) ?? oddOne(parts, first) ?? overlap(parts) ?? missing(parts);
  if (problem !== undefined) return problem;
  const playbacks = parts.map(({ playback }) => playback);
  return {
    ...first.playback,
    shard: undefined,
    troubles: playbacks.flatMap(({ troubles }) => troubles),
    // They ran beside each other: the whole took as long as the longest.
    wallMs: Math.max(...playbacks.map(({ wallMs }) => wallMs)),
    played: playbacks.flatMap(({ played }) => played).toSorted((one, other) => (one.run.id < other.run.id ? -1 : 1)),
  };
}

function unfinished(parts: readonly Part[]): string | undefined {
  const part = parts.find(({ playback }) => !playback.complete);
  return part === undefined ? undefined : `the run in ${part.name} did not come to its end; play that part again`;
}

function oddOne(parts: readonly Part[], first: Part): string | undefined {
  for (const { name, playback } of parts) {
    const { rehearsal } = playback.versions;
    if (rehearsal !== first.playback.versions.rehearsal) {
      return `${name} was played by rehearse ${rehearsal}, ${first.name} by ${first.playback.versions.rehearsal}`;
    }
    if (playback.seed !== first.playback.seed) {
      return `${name} was played with the seed ${playback.seed}, ${first.name} with ${first.playback.seed}; give all shards the same --seed, so that the whole can be played again`;
    }
    if (playback.sabotage !== first.playback.sabotage) {
      return `${name} and ${first.name} were not played with the same check switched off`;
    }
  }
  return undefined;
}

function overlap(parts: readonly Part[]): string | undefined {
  const seen = new Map<string, string>();
  for (const { name, playback } of parts) {
    for (const { run } of playback.played) {
      const other = seen.get(run.id);
      if (other !== undefined) return `${run.id} is in ${other} and in ${name}: the same part twice, or not of one run`;
      seen.set(run.id, name);
    }
  }
  return undefined;
}

function missing(parts: readonly Part[]): string | undefined {
  const shards = parts.flatMap(({ playback }) => playback.shard ?? []);
  if (shards.length === 0) return undefined;
  const counts = new Set(shards.map((shard) => shard.split('/')[1]));
  if (counts.size > 1) return `the parts are shards of different wholes: ${shards.join(', ')}`;
  const count = Number([...counts][0]);
  const there = new Set(shards.map((shard) => Number(shard.split('/')[0])));
  const lacking = Array.from({ length: count }, (_, index) => index + 1).filter((part) => !there.has(part));
  if (lacking.length === 0) return undefined;
  return `shard ${lacking.map((part) => `${part}/${count}`).join(', ')} is missing; give the folders of all ${count}`;
}
