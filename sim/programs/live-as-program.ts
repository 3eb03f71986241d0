import { addDuration } from '../../core/time/duration.ts';
import { defined } from '../../core/defined.ts';
import type { AttemptEnd } from '../../core/history/events.ts';
import { isoInstant, type Millis } from '../../core/time/clock.ts';
import { spokenBetween } from '../../core/time/spoken-between.ts';
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
  await observe(program, { until, limit: `\`ready: ${ready}\``, endsEarly: true }, places);
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
    const until = addDuration(next, words.visits) > end ? end : next;
    await observe(program, { until, limit: `\`visits: ${words.visits}\``, endsEarly: false }, places);
  }
  program.setOffline(false);
}

/** The time of one attempt of a program. */
interface AttemptTime {
  readonly until: Millis;
  /** The word of the scenario that sets the end. */
  readonly limit: string;
  /** True if the attempt ends when a hub accepts telemetry, or when the program ends. */
  readonly endsEarly: boolean;
}

/** Records one attempt of a program, with the answers of the services until a given instant. */
async function observe(
  program: Program,
  { until, limit, endsEarly }: AttemptTime,
  { clock, history, devices: { programs } }: Places,
): Promise<void> {
  const { device } = program;
  const registrationId = device.registrationId ?? device.name;
  const from = clock.now();
  const shown = device.clock.now();
  history.record({
    kind: 'attempt-started',
    device: device.name,
    registrationId,
    attestation: device.attestation,
    transport: device.transport,
    ...defined({ from: device.address, clock: shown === from ? undefined : shown }),
  });
  const sleep = clock.sleepUnlessWoken(until - clock.now());
  const wake = endsEarly ? sleep.wake : () => {};
  const observation = programs.observe(program, wake);
  program.onEnd(wake);
  if (endsEarly && !program.isRunning) sleep.wake();
  await sleep.slept;
  const end: AttemptEnd = observation.end(sentenceOf(program, from, `${spokenBetween(from, until)} (${limit})`));
  observation.stop();
  program.onEnd(() => {});
  history.record({ kind: 'attempt-ended', device: device.name, registrationId, ...end });
}

/**
 * Describes an attempt that did not get the device into service.
 * @param from the start of the attempt.
 * @param time the longest time of the attempt, in words.
 */
function sentenceOf({ isRunning, lastEnd, acceptedAt }: Program, from: Millis, time: string): string {
  const state = isRunning ? 'its program runs' : `its program ${lastEnd ?? 'does not run'}`;
  const last =
    acceptedAt === undefined
      ? ''
      : `a hub accepted its last telemetry at ${isoInstant(acceptedAt).slice(0, 16).replace('T', ' ')} UTC`;
  if (acceptedAt !== undefined && acceptedAt >= from) return `${state}, and ${last}`;
  const none = `${state}, but no hub has accepted its telemetry${isRunning ? ` within ${time}` : ''}`;
  return last === '' ? none : `${none}; ${last}`;
}
