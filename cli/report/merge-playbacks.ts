import { isDeepStrictEqual } from 'node:util';
import { done, failed, type Result, succeeded } from '../../core/result.ts';
import type { Playback } from '../../reports/playback.ts';

/** One shard of a run, and its name for messages. */
export interface Part {
  readonly name: string;
  readonly playback: Playback;
}

/**
 * Merges the shards of one run. Fails if the shards differ in version, seed or disabled check, if they overlap, or if one of them is
 * missing or incomplete.
 */
export function mergePlaybacks(parts: readonly Part[]): Result<Playback> {
  const [first] = parts;
  if (first === undefined) return failed('nothing', 'no folders to merge');
  for (const checked of [checkComplete(parts), checkAlike(parts, first), checkDisjoint(parts), checkAllShards(parts)]) {
    if (!checked.ok) return checked;
  }
  const playbacks = parts.map(({ playback }) => playback);
  return succeeded({
    ...first.playback,
    shard: undefined,
    selection: sameSelection(playbacks),
    troubles: playbacks.flatMap(({ troubles }) => troubles),
    // The shards ran in parallel, so the longest one is the duration of the run.
    wallMs: Math.max(...playbacks.map(({ wallMs }) => wallMs)),
    played: playbacks.flatMap(({ played }) => played).toSorted((one, other) => (one.run.id < other.run.id ? -1 : 1)),
  });
}

/** Returns the arguments that chose the scenarios of all parts; undefined if they differ. */
function sameSelection(playbacks: readonly Playback[]): Playback['selection'] {
  const [first, ...others] = playbacks.map(({ selection }) => selection);
  return others.every((other) => isDeepStrictEqual(other, first)) ? first : undefined;
}

function checkComplete(parts: readonly Part[]): Result<undefined> {
  const part = parts.find(({ playback }) => !playback.complete);
  return part === undefined
    ? done
    : failed('incomplete', `the run in ${part.name} is incomplete; run that shard again`);
}

function checkAlike(parts: readonly Part[], first: Part): Result<undefined> {
  for (const { name, playback } of parts) {
    const { rehearsal } = playback.versions;
    if (rehearsal !== first.playback.versions.rehearsal) {
      return failed(
        'version',
        `${name} was made by rehearse ${rehearsal}, ${first.name} by ${first.playback.versions.rehearsal}; use one version for all shards`,
      );
    }
    if (playback.seed !== first.playback.seed) {
      return failed(
        'seed',
        `${name} has the seed ${playback.seed}, ${first.name} has ${first.playback.seed}; give all shards the same --seed`,
      );
    }
    if (playback.sabotage !== first.playback.sabotage) {
      return failed(
        'sabotage',
        `${name} and ${first.name} differ in the check that --sabotage disables; run all shards with the same check`,
      );
    }
  }
  return done;
}

function checkDisjoint(parts: readonly Part[]): Result<undefined> {
  const seen = new Map<string, string>();
  for (const { name, playback } of parts) {
    for (const { run } of playback.played) {
      const other = seen.get(run.id);
      if (other !== undefined) {
        return failed(
          'overlap',
          `${run.id} is in ${other} and in ${name}; give each shard once, and only shards of one run`,
        );
      }
      seen.set(run.id, name);
    }
  }
  return done;
}

function checkAllShards(parts: readonly Part[]): Result<undefined> {
  const shards = parts.flatMap(({ playback }) => playback.shard ?? []);
  if (shards.length === 0) return done;
  const counts = new Set(shards.map((shard) => shard.split('/')[1]));
  if (counts.size > 1)
    return failed(
      'mixed',
      `the folders are shards of different runs: ${shards.join(', ')}; name the folders of one run`,
    );
  const count = Number([...counts][0]);
  const there = new Set(shards.map((shard) => Number(shard.split('/')[0])));
  const lacking = Array.from({ length: count }, (_, index) => index + 1).filter((part) => !there.has(part));
  if (lacking.length === 0) return done;
  const missing = lacking.map((part) => `${part}/${count}`).join(', ');
  return failed('missing', `shard ${missing} is missing; give the folders of all ${count}`);
}
