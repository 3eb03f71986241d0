import { z } from 'zod';
import { AuditTrail } from '../../../core/audit/trail.ts';
import { addDuration } from '../../../core/time/duration.ts';
import type { Unit } from '../../../core/history/events.ts';
import { defineStep, type BoundStep, type StepKind } from '../define-step.ts';
import type { Device } from '../../devices/device.ts';
import { identityOf } from '../../devices/identity.ts';
import { duration, positiveDuration, reference } from '../../scenario/words/words.ts';
import type { Station } from '../../world/station.ts';
import { StepProblem } from '../../world/step-problem.ts';
import { worldAt, type World } from '../../world/world.ts';
import { knownRegistrationId } from '../../world/known-registration-id.ts';

/** A step that a station of the line does for each unit, or for some units. */
interface LineStep {
  readonly kind: StepKind;
  readonly words: Readonly<Record<string, unknown>>;
  /** Names of the units for which the station does the step. Default: all units. */
  readonly only: readonly string[] | undefined;
}

interface Stop {
  readonly station: Station;
  readonly steps: readonly LineStep[];
}

/**
 * Creates the step of a production line. A station of the line can do every kind of step that has the argument `device` and in which no
 * device registers.
 * @param kinds all other kinds of steps.
 */
export function createProduceStep(kinds: readonly StepKind[]): StepKind {
  const onLine = kinds.filter(({ args, registers }) => !registers && Object.hasOwn(args.shape, 'device'));
  return defineStep({
    name: 'produce',
    summary:
      'A line builds a fleet: each unit goes through the stations in order, and units that fail do not leave the line.',
    judges: true,
    args: z.strictObject({
      device: reference('device', 'Device or fleet that is built.'),
      ordered: z.int().min(0).optional().meta({
        description:
          'Number of units that were ordered. Default: all units. Further units are surplus and leave the line without a record.',
      }),
      takt: duration('Time from one unit to the next, at each station.').default('PT30S'),
      audit: reference('station', 'Station that writes an audit trail of the identities that it installs.').optional(),
      shift: positiveDuration('Length of a shift. The station signs the audit trail at its end.').default('PT8H'),
      route: z.array(stopSchema(onLine)).min(1).meta({ description: 'Stations in order, with the steps at each.' }),
    }),
    // The line runs steps of other kinds, so this list has every member that any of these steps uses.
    uses: ['attack', 'clock', 'cloud', 'devices', 'factory', 'history', 'network', 'pki', 'place'],
    run: async (world, words) => {
      const stops = words.route.map(({ at, do: steps }): Stop => {
        return { station: stationOf(world, at), steps: steps.flatMap((step) => lineStep(step, onLine)) };
      });
      if (words.audit !== undefined) openTrail(world, words.audit, words.shift);
      await build(world, { ...words, stops });
    },
  });
}

function stopSchema(kinds: readonly StepKind[]) {
  const stepShape = Object.fromEntries(kinds.map((kind) => [kind.name, wordsOf(kind).nullable().optional()]));
  const only = z.array(reference('device', 'A unit.')).optional().meta({
    description: 'Units for which the station does the step, for instance one unit by mistake. Default: all units.',
  });
  return z.strictObject({
    at: reference('station', 'The station.'),
    do: z
      .array(
        z.strictObject({ ...stepShape, only }).refine((step) => Object.keys(step).filter(isStep).length <= 1, {
          error: 'the entry has several steps; give each step its own entry',
        }),
      )
      .default([])
      .meta({ description: 'Steps, without their argument for the device.' }),
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
    // If a step has no other arguments, its value may be empty.
    const words = written[kind.name] as Readonly<Record<string, unknown>> | null | undefined;
    return words === undefined ? [] : [{ kind, words: words ?? {}, only }];
  });
}

function stationOf(world: Pick<World, 'factory'>, name: string): Station {
  const station = world.factory.stations.get(name);
  if (station === undefined)
    throw new StepProblem(`no station is called "${name}"; add it under \`stations:\` or name another`);
  return station;
}

/** Opens an audit trail for a station. If the station has a trail already, a second production line continues this trail. */
function openTrail(world: Pick<World, 'factory'>, name: string, shift: string): void {
  if (world.factory.trails.has(name)) return;
  const { party, clock } = stationOf(world, name);
  const now = clock.now();
  const shiftMs = addDuration(now, shift) - now;
  world.factory.trails.set(name, new AuditTrail({ station: name, party, shiftMs }, now));
}

/**
 * Moves the units through the stations. All stations work at the same time. After each takt (a fixed time per unit), every unit moves to
 * the next station.
 */
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
    // The last station works first, so no unit overtakes another.
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

async function visit(world: World, { station, steps }: Stop, unit: Device, packed: Set<string>): Promise<void> {
  const there = worldAt(world, station);
  const trail = world.factory.trails.get(station.name);
  const former = trail === undefined ? undefined : await identityOf(unit);
  for (const { kind, words, only } of steps) {
    if (world.factory.stopped.has(unit.name)) break;
    if (only !== undefined && !only.includes(unit.name)) continue;
    await stepFor(unit, kind, words).run(there);
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
