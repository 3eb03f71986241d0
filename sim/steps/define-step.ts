import { z } from 'zod';
import type { Station } from '../world/station.ts';
import type { StepWorld, World } from '../world/world.ts';

/** A kind of step, in the form in which the loader reads it and a run executes it: without the type of its arguments. */
export interface StepKind {
  readonly name: string;
  /** One or two sentences for the help, the schema and the documentation. */
  readonly summary: string;
  /** True if devices or attackers try to get into service. The assertions under `expect` then check these attempts. */
  readonly registers: boolean;
  /**
   * `each` or `last`: the assertions under `expect` apply to every attempt of a device, or to its last attempt. `count`: they apply only to
   * the number of attempts.
   */
  readonly expects: 'each' | 'last' | 'count';
  /** True if a station or an auditor makes a decision in the step, which `expect` can check. */
  readonly judges: boolean;
  /** The argument that receives the value if a step has a bare string: `power-on: thermostat` is `power-on: { device: thermostat }`. */
  readonly shorthand: string;
  /** True if an attacker acts in the step. A successful attempt is then the bad outcome. */
  readonly hostile: boolean;
  /** Present if the step supports simulated fleets (`fleet:`); `without` lists the arguments that such fleets do not support. */
  readonly fleets: { readonly without: readonly string[] } | undefined;
  /** True if the step knows what to do with a device that runs a program. Other steps must not make such a device act. */
  readonly programs: boolean;
  readonly args: z.ZodObject;
  /** Validates arguments. A bare string must already be expanded to an object. */
  bind(written: unknown): Binding;
}

/** Things that a step needs at its station, or that the station must reach over the network. */
export interface Needs {
  /** True if the step uses DPS or a hub. */
  readonly service?: boolean;
  /** Name of the CA that signs in the step. */
  readonly ca?: string | undefined;
  /** Name of the CA of a vendor that receives a request. Only the vendor has the key of this CA. */
  readonly vendor?: string | undefined;
  /** Name of a store of certificates that were ordered in advance. */
  readonly batch?: string | undefined;
  /** Name of an enrollment group whose key the step uses. */
  readonly group?: string | undefined;
  /** Name of a shared symmetric key that the step uses. */
  readonly key?: string | undefined;
}

/** A step with validated arguments. */
export interface BoundStep {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly needs: Needs;
  /** Runs the step. If its station cannot reach what the step needs, records the failed check and does not run the step. */
  readonly run: (world: World) => Promise<void>;
}

type Binding =
  | { readonly ok: true; readonly step: BoundStep }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/**
 * Defines a kind of step. `run` gets only `tell` and those members of `World` that `uses` names. A caller runs it only if the station of
 * the step can reach everything in `needs`.
 */
export function defineStep<Shape extends z.ZodRawShape, const Uses extends readonly (keyof World)[]>(kind: {
  readonly name: string;
  readonly summary: string;
  readonly registers?: boolean;
  readonly expects?: 'each' | 'last' | 'count';
  readonly judges?: boolean;
  readonly shorthand?: keyof Shape & string;
  readonly hostile?: boolean;
  readonly fleets?: true | { readonly without: readonly (keyof Shape & string)[] };
  /** Default: false for a step in which devices register, else true. */
  readonly programs?: boolean;
  readonly args: z.ZodObject<Shape, z.core.$strict>;
  /** Names of the members of `World` that the step uses. */
  readonly uses: Uses;
  /**
   * Returns a sentence if valid arguments do not fit together, such as two of which only one may be given. `check` reports the sentence as
   * a mistake. A problem that depends on the state of the run is a StepProblem of `run` instead.
   * @param written names of the arguments that the author wrote; `args` also has the defaults.
   */
  readonly misuse?: (
    args: z.output<z.ZodObject<Shape, z.core.$strict>>,
    written: readonly string[],
  ) => string | undefined;
  /** Default: nothing. */
  readonly needs?: (args: z.output<z.ZodObject<Shape, z.core.$strict>>) => Needs;
  readonly run: (world: StepWorld<Uses[number]>, args: z.output<z.ZodObject<Shape, z.core.$strict>>) => Promise<void>;
}): StepKind {
  return {
    name: kind.name,
    summary: kind.summary,
    registers: kind.registers ?? false,
    expects: kind.expects ?? 'each',
    judges: kind.judges ?? false,
    shorthand: kind.shorthand ?? 'device',
    hostile: kind.hostile ?? false,
    fleets: kind.fleets === true ? { without: [] } : kind.fleets,
    programs: kind.programs ?? (kind.hostile === true || kind.registers !== true),
    args: kind.args,
    bind(written) {
      const parsed = kind.args.safeParse(written);
      if (!parsed.success) return { ok: false, issues: parsed.error.issues };
      const { data: args } = parsed;
      const misuse = kind.misuse?.(args, Object.keys(written ?? {}));
      if (misuse !== undefined)
        return { ok: false, issues: [{ code: 'custom', path: [], message: misuse, input: written }] };
      const bound = { name: kind.name, args, needs: kind.needs?.(args) ?? {} };
      const run = async (world: World): Promise<void> => {
        if (isWithinReach(world, bound)) await kind.run(handedOut(world, kind.uses), args);
      };
      return { ok: true, step: { ...bound, run } };
    },
  };
}

function handedOut<Member extends keyof World>(world: World, uses: readonly Member[]): StepWorld<Member> {
  const members: readonly (Member | 'tell')[] = [...uses, 'tell'];
  return Object.fromEntries(members.map((member) => [member, world[member]])) as StepWorld<Member>;
}

function isWithinReach({ place: { station }, history }: World, { name, args, needs }: Omit<BoundStep, 'run'>): boolean {
  if (station === undefined) return true;
  const wanted = wantedBy(needs, station);
  if (wanted.length === 0) return true;
  const far = wanted.filter(({ atHand }) => !atHand);
  for (const { what } of far) history.record({ kind: 'asked-afar', station: station.name, what });
  const subject = [args['device'], args['ca']].find((one) => typeof one === 'string') ?? station.name;
  const trace = history.trace('station', subject, name);
  const passed = trace.check(
    'station-online',
    far.length === 0 || station.online,
    (far.length === 0 ? wanted : far).map(({ what }) => what).join(' and '),
    `${station.name} ${far.length === 0 ? 'holds it' : station.online ? 'is online' : 'is offline'}`,
  );
  history.record({ kind: 'decision', ...trace.decision() });
  return passed;
}

/** Describes what the step needs, and whether the station can reach it. */
function wantedBy(
  { service, ca, vendor, batch, group, key }: Needs,
  { holds }: Station,
): readonly { readonly what: string; readonly atHand: boolean }[] {
  return [
    ...(service === true ? [{ what: 'the provisioning service', atHand: false }] : []),
    ...(ca === undefined ? [] : [{ what: `the CA ${ca}`, atHand: holds.cas.includes(ca) }]),
    ...(vendor === undefined ? [] : [{ what: `the vendor of ${vendor}`, atHand: false }]),
    ...(batch === undefined ? [] : [{ what: `the store ${batch}`, atHand: holds.batches.includes(batch) }]),
    ...(group === undefined ? [] : [{ what: `the key of group ${group}`, atHand: holds.groups.includes(group) }]),
    ...(key === undefined ? [] : [{ what: `the shared key ${key}`, atHand: holds.keys.includes(key) }]),
  ];
}
