import { z } from 'zod';
import { AuditTrail } from '../../../core/audit/trail.ts';
import { addDuration } from '../../../core/time/duration.ts';
import type { Unit } from '../../../core/history/events.ts';
import { defineStep, type BoundStep, type StepKind } from '../define-step.ts';
import { doStep } from '../../play/do-step.ts';
import type { Device } from '../../devices/device.ts';
import { identityOf } from '../../devices/identity.ts';
import { duration, positiveDuration, reference } from '../../scenario/words/words.ts';
import type { Station } from '../../world/station.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { worldAt, type World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** What is done to a unit at one station of the line, with the units that it is meant for. */
interface LineStep {
  readonly kind: StepKind;
  readonly words: Readonly<Record<string, unknown>>;
  readonly only: readonly string[] | undefined;
}

interface Stop {
  readonly station: Station;
  readonly deeds: readonly LineStep[];
}

/**
 * The step of a production line, on which every step of a timeline that is done to a device can be done.
 *
 * @param kinds all other kinds of steps.
 */
export function createProduceStep(kinds: readonly StepKind[]): StepKind {
  const onLine = kinds.filter(({ args, registers }) => !registers && Object.hasOwn(args.shape, 'device'));
  return defineStep({
    name: 'produce',
    summary: 'A line builds a fleet: each unit goes through the stations in order, and what fails does not leave.',
    judges: true,
    args: z.strictObject({
      device: reference('device', 'Device or fleet that is built.'),
      ordered: z.int().min(0).optional().meta({
        description: 'How many were ordered; what is built beyond leaves by the back door. All where absent.',
      }),
      takt: duration('Time from one unit to the next, at each station.').default('PT30S'),
      audit: reference('station', 'Station that writes an audit trail of the identities it installs.').optional(),
      shift: positiveDuration('How long a shift is; the audit trail is signed at its end.').default('PT8H'),
      route: z
        .array(stopSchema(onLine))
        .min(1)
        .meta({ description: 'The stations in order, and what is done at each.' }),
    }),
    // The units of a line go through steps of other kinds, which get their own members of this.
    uses: ['attack', 'clock', 'cloud', 'devices', 'factory', 'history', 'network', 'pki', 'place'],
    run: async (world, words) => {
      const stops = words.route.map(({ at, do: deeds }): Stop => {
        return { station: stationOf(world, at), deeds: deeds.flatMap((deed) => lineStep(deed, onLine)) };
      });
      if (words.audit !== undefined) openTrail(world, words.audit, words.shift);
      await build(world, { ...words, stops });
    },
  });
}

function stopSchema(kinds: readonly StepKind[]) {
  const stepShape = Object.fromEntries(kinds.map((kind) => [kind.name, wordsOf(kind).nullable().optional()]));
  const only = z
    .array(reference('device', 'A unit.'))
    .optional()
    .meta({ description: 'Units that it is done to, for instance by mistake; all where absent.' });
  return z.strictObject({
    at: reference('station', 'The station.'),
    do: z
      .array(
        z.strictObject({ ...stepShape, only }).refine((deed) => Object.keys(deed).filter(isStep).length <= 1, {
          error: 'one step at a time: give each an entry of its own',
        }),
      )
      .default([])
      .meta({ description: 'Steps, without their word for the device.' }),
  });
}

function isStep(word: string): boolean {
  return word !== 'only';
}

function wordsOf({ args, summary }: StepKind) {
  const { device: _device, ...shape } = args.shape;
  return z.strictObject(shape).meta({ description: summary });
}

function lineStep(written: Readonly<Record<string, unknown>>, kinds: readonly StepKind[]): readonly LineStep[] {
  const only = written['only'] as readonly string[] | undefined;
  return kinds.flatMap((kind) => {
    // A step without words of its own may stand there bare.
    const words = written[kind.name] as Readonly<Record<string, unknown>> | null | undefined;
    return words === undefined ? [] : [{ kind, words: words ?? {}, only }];
  });
}

function stationOf(world: Pick<World, 'factory'>, name: string): Station {
  const station = world.factory.stations.get(name);
  if (station === undefined) throw new StepProblem(`no station is called "${name}"`);
  return station;
}

/** The trail of a station goes on where a second line works at it. */
function openTrail(world: Pick<World, 'factory'>, name: string, shift: string): void {
  if (world.factory.trails.has(name)) return;
  const { party, clock } = stationOf(world, name);
  const now = clock.now();
  const shiftMs = addDuration(now, shift) - now;
  world.factory.trails.set(name, new AuditTrail({ station: name, party, shiftMs }, now));
}

/** All stations work at the same time, each at another unit; at every beat of the takt the units move on by one. */
async function build(
  world: World,
  line: {
    readonly device: string;
    readonly ordered?: number | undefined;
    readonly takt: string;
    readonly stops: readonly Stop[];
  },
): Promise<void> {
  const { factory, history, clock } = world;
  const units = world.devices.select(line.device);
  const startedAt = clock.now();
  const ordered = line.ordered ?? units.length;
  const packed = new Set<string>();
  for (const [index, unit] of units.entries()) {
    if (index >= ordered) factory.offTheBooks.add(unit.name);
  }
  for (let beat = 0; beat < units.length + line.stops.length - 1; beat++) {
    // The last station first: nobody overtakes.
    for (const [at, stop] of [...line.stops.entries()].toReversed()) {
      const unit = units[beat - at];
      if (unit !== undefined) await visit(world, stop, unit, packed);
    }
    await clock.sleep(addDuration(clock.now(), line.takt) - clock.now());
  }
  for (const unit of units) {
    if (!factory.offTheBooks.has(unit.name)) factory.books.add(await knownRegistrationId(unit));
    history.record({ kind: 'unit', ...unitOf(unit, world, packed) });
  }
  const stations = line.stops.map(({ station }) => station.name);
  history.record({ kind: 'line-ended', product: line.device, stations, ordered, startedAt });
}

async function visit(world: World, { station, deeds }: Stop, unit: Device, packed: Set<string>): Promise<void> {
  const there = worldAt(world, station);
  const trail = world.factory.trails.get(station.name);
  const former = trail === undefined ? undefined : await identityOf(unit);
  for (const { kind, words, only } of deeds) {
    if (world.factory.stopped.has(unit.name)) break;
    if (only !== undefined && !only.includes(unit.name)) continue;
    await doStep(there, stepFor(unit, kind, words));
    if (kind.name === 'package') packed.add(unit.name);
  }
  const identity = trail === undefined ? undefined : await identityOf(unit);
  if (trail !== undefined && identity !== undefined && identity !== former) {
    const registrationId = await knownRegistrationId(unit);
    trail.enter({ device: unit.name, registrationId, identity }, station.clock.now());
  }
  world.factory.secrets.clearStation(station);
}

function stepFor(unit: Device, kind: StepKind, words: Readonly<Record<string, unknown>>): BoundStep {
  const bound = kind.bind({ ...words, device: unit.name });
  if (bound.ok) return bound.step;
  throw new StepProblem(`${kind.name}: ${bound.issues.map(({ message }) => message).join('; ')}`);
}

function unitOf({ name: device }: Device, { factory }: Pick<World, 'factory'>, packed: ReadonlySet<string>): Unit {
  const stopped = factory.stopped.get(device);
  if (stopped?.how === 'scrapped') return { device, fate: 'scrapped' };
  if (stopped !== undefined) return { device, fate: 'rejected', check: stopped.check };
  if (factory.offTheBooks.has(device)) return { device, fate: 'off-the-books' };
  return { device, fate: packed.has(device) ? 'shipped' : 'unpacked' };
}
