import type { WorldOutcome } from '../../core/conformance/conformance-result.ts';
import { afterRealTime, wallMs } from '../../core/time/clock.ts';
import type { WorldRecord } from '../../sim/conformance/judge/world-record.ts';
import type { World } from '../../sim/conformance/worlds/world.ts';
import { openRunDirectory } from '../../sim/tpm/state-dirs.ts';
import { ActRunner } from './act-runner.ts';
import type { ClientSpec } from './client-spec.ts';
import { RunningClient } from './running-client.ts';
import { openWorldLab } from './world-lab.ts';

export interface PlayedWorld {
  readonly record: WorldRecord;
  readonly outcome: WorldOutcome;
}

/**
 * Runs the client in a test world until one of three things happens: the client shows the behaviour for which the test world waits, the
 * client ends, or the time limit of the world is reached. Ends all processes of the client before it resolves.
 * @throws Error with a sentence if the client cannot be started.
 */
export async function playWorld(world: World, client: ClientSpec, signal?: AbortSignal): Promise<PlayedWorld> {
  const directory = openRunDirectory();
  try {
    return await playIn(directory.subdirectory(world.id), world, client, signal);
  } finally {
    directory.close();
  }
}

async function playIn(
  folder: string,
  world: World,
  client: ClientSpec,
  signal: AbortSignal | undefined,
): Promise<PlayedWorld> {
  const began = wallMs();
  const lab = await openWorldLab(world, folder, { ...client, command: client.commandOf[world.id] ?? client.command });
  const { recorder } = lab;
  const running = Array.from(
    { length: world.clients ?? 1 },
    (_, index) => new RunningClient(client, world.id, lab.environment(index), recorder, lab.time),
  );
  try {
    const ending = endOf(world, lab, running, signal);
    await Promise.all(running.map((each) => each.start()));
    const end = await ending;
    await Promise.all(running.map((each) => each.stop()));
    const tookMs = Math.round(wallMs() - began + lab.clock.leadMs);
    const output = running.map((each) => recorder.text(each.output)).join('\n');
    return {
      record: { world: world.id, facts: lab.facts, events: [...recorder.events], tookMs },
      outcome: {
        id: world.id,
        title: world.title,
        tookMs,
        end: [end, ...running.flatMap((each) => each.remarks)].join('; '),
        output,
      },
    };
  } finally {
    await Promise.all(running.map((each) => each.stop()));
    await lab.close();
  }
}

/** Resolves with a sentence that says why the run of the client ends. Watches the events that occur after the call. */
async function endOf(
  world: World,
  lab: Awaited<ReturnType<typeof openWorldLab>>,
  running: readonly RunningClient[],
  signal: AbortSignal | undefined,
): Promise<string> {
  const { recorder, facts } = lab;
  const acts = new ActRunner(world.acts ?? [], lab, running);
  return new Promise<string>((resolve, reject) => {
    let isSettling = false;
    // This timer keeps the process alive while the client runs.
    const limit = setTimeout(() => finish(`the run reached its limit of ${world.observeMs / 1000} s`), world.observeMs);
    const interrupt = (): void => finish('the user interrupted the run');
    const finish = (sentence: string): void => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', interrupt);
      resolve(sentence);
    };
    const settle = (sentence: string, afterMs: number): void => {
      if (isSettling) return;
      isSettling = true;
      afterRealTime(afterMs, () => finish(sentence));
    };
    recorder.watch((event) => {
      acts.see(event, recorder.events).catch(reject);
      if (world.isShown?.(recorder.events, facts) === true)
        settle('the client showed the behaviour that this world provokes', world.settleMs ?? 300);
      if (event.kind === 'ended' && !event.byRunner && running.every((each) => each.hasEnded))
        settle(`the client ended by itself: ${event.how}`, 100);
    });
    signal?.addEventListener('abort', interrupt);
  });
}
