import type { ConformanceReport, StatementResult } from '../../core/conformance/conformance-result.ts';
import { isoInstant, systemClock } from '../../core/time/clock.ts';
import { judgeStatement } from '../../sim/conformance/judge/judge-statement.ts';
import type { Statement } from '../../sim/conformance/statements/statement.ts';
import type { World } from '../../sim/conformance/worlds/world.ts';
import { packageVersion } from '../package-root.ts';
import type { ClientSpec } from './client-spec.ts';
import { hasSwtpm } from './client-tpm.ts';
import { playWorld, type PlayedWorld } from './play-world.ts';
import { clockLibrary } from './world-lab.ts';

interface WorldsToPlay {
  readonly statements: readonly Statement[];
  readonly worlds: readonly World[];
  readonly client: ClientSpec;
  readonly name: string;
  /** Number of test worlds (situations such as a power cut) in which the client runs at the same time. */
  readonly workers: number;
  readonly onWorld?: (played: PlayedWorld) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the client in each test world that the conformance statements need, several test worlds at a time. Judges each statement by the
 * recorded events.
 */
export async function playWorlds({
  statements,
  worlds,
  client,
  name,
  workers,
  onWorld,
  signal,
}: WorldsToPlay): Promise<ConformanceReport> {
  const queue = worlds.filter(
    (world) =>
      (world.clientClock === undefined || clockLibrary() !== undefined) &&
      (world.credential !== 'tpm' || hasSwtpm()) &&
      (world.needs ?? []).every((need) => !client.without.includes(need)) &&
      statements.some((statement) => isWanted(statement, world, client)),
  );
  const played: PlayedWorld[] = [];
  const work = async (): Promise<void> => {
    for (let world = queue.shift(); world !== undefined; world = queue.shift()) {
      if (signal?.aborted === true) return;
      const one = await playWorld(world, client, signal);
      played.push(one);
      onWorld?.(one);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const inOrder = worlds.flatMap(({ id }) => played.filter(({ record }) => record.world === id));
  const results: readonly StatementResult[] = statements.map((statement) =>
    judgeStatement(
      statement,
      inOrder.map(({ record }) => record),
      client.without,
    ),
  );
  return {
    format: 1,
    client: name,
    at: isoInstant(systemClock.now()),
    version: packageVersion(),
    without: client.without,
    results,
    worlds: inOrder.map(({ outcome }) => outcome),
  };
}

function isWanted({ worlds, needs = [] }: Statement, { id }: World, { without }: ClientSpec): boolean {
  return worlds.includes(id) && needs.every((need) => !without.includes(need));
}
