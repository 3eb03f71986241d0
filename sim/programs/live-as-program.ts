import { addDuration } from '../../core/time/duration.ts';
import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import type { Millis } from '../../core/time/clock.ts';
import type { World } from '../world/world.ts';
import type { Program } from './program.ts';

type Places = Pick<World, 'clock' | 'history' | 'devices'>;

/**
 * Switches on a device that runs a program. The attempt ends when a hub accepts telemetry of the program, when the program ends, or after
 * the time `ready`. A program that has not ended keeps running.
 */
export async function powerOnProgram(program: Program, places: Places): Promise<void> {
  program.device.startClock();
  await program.powerOn();
  const { ready } = program.spec;
  const until = addDuration(places.clock.now(), ready);
  await observe(program, until, true, places);
}

/** The arguments of the step `run-in-field` that apply to a program. */
interface FieldTime {
  readonly for: string;
  readonly visits: string;
  readonly offline: boolean;
}

/**
 * Lets a program run for a time. Each interval of length `visits` is one attempt, which succeeds if the hub accepts telemetry in it. At the
 * start of an interval, the device starts its program if the program does not run.
 */
export async function liveAsProgram(program: Program, words: FieldTime, places: Places): Promise<void> {
  const { clock } = places;
  const end = addDuration(clock.now(), words.for);
  program.setOffline(words.offline);
  while (clock.now() < end) {
    if (!program.isRunning) {
      program.device.startClock();
      await program.powerOn();
    }
    const next = addDuration(clock.now(), words.visits);
    await observe(program, addDuration(next, words.visits) > end ? end : next, false, places);
  }
  program.setOffline(false);
}

/** Records one attempt of a program, with the answers of the services until a given instant. */
async function observe(
  program: Program,
  until: Millis,
  endsEarly: boolean,
  { clock, history, devices: { programs } }: Places,
): Promise<void> {
  const { device } = program;
  const registrationId = device.registrationId ?? device.name;
  const shown = device.clock.now();
  history.record({
    kind: 'attempt-started',
    device: device.name,
    registrationId,
    attestation: device.attestation,
    transport: device.transport,
    ...defined({ from: device.address, clock: shown === clock.now() ? undefined : shown }),
  });
  const sleep = clock.sleepUnlessWoken(until - clock.now());
  const wake = endsEarly ? sleep.wake : () => {};
  const observation = programs.observe(program, wake);
  program.onEnd(wake);
  if (endsEarly && !program.isRunning) sleep.wake();
  await sleep.slept;
  const end: AttemptEnd = observation.end(sentenceOf(program));
  observation.stop();
  program.onEnd(() => {});
  history.record({ kind: 'attempt-ended', device: device.name, registrationId, ...end });
}

function sentenceOf(program: Program): string {
  if (program.isRunning) return 'its program runs, but no hub has accepted its telemetry';
  return `its program ${program.lastEnd ?? 'does not run'}, but no hub has accepted its telemetry`;
}
