import { z } from 'zod';
import type { StepWorld, World } from '../world/world.ts';

/** A kind of step as the rest of the program sees it, without the type of its arguments. */
export interface StepKind {
  readonly name: string;
  /** One or two sentences for help, schema and docs. */
  readonly summary: string;
  /** True if devices try to get into service, so that `expect` has attempts to check. */
  readonly registers: boolean;
  /** Attempts of a device that `expect` is about: each, only the last, or only their count. */
  readonly expects: 'each' | 'last' | 'count';
  /** True if a station or an auditor makes a decision that `expect` can check. */
  readonly judges: boolean;
  /** The argument that a bare string means: `power-on: thermostat` is `power-on: { device: thermostat }`. */
  readonly shorthand: string;
  /** True if an attacker acts in it: an assigned attempt is then the bad outcome. */
  readonly hostile: boolean;
  readonly args: z.ZodObject;
  /** Checks arguments. A bare string must have been expanded to its shorthand argument before. */
  bind(written: unknown): Binding;
}

/** Things that a step needs at its station, or has to reach over the network. */
export interface Needs {
  /** True if DPS or a hub takes part. */
  readonly service?: boolean;
  /** The CA that signs. */
  readonly ca?: string | undefined;
  /** The CA of a vendor that gets a request. Only the vendor has its key. */
  readonly vendor?: string | undefined;
  /** The store of certificates that were ordered in advance. */
  readonly batch?: string | undefined;
  /** The enrollment group whose key is used. */
  readonly group?: string | undefined;
  /** The shared symmetric key that is used. */
  readonly key?: string | undefined;
}

/** A step with checked arguments. */
export interface BoundStep {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly needs: Needs;
  readonly run: (world: World) => Promise<void>;
}

type Binding =
  | { readonly ok: true; readonly step: BoundStep }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/**
 * Defines a kind of step: its settings, its arguments and the one thing that it does.
 *
 * `run` gets the members of the world that `uses` lists, and `tell`; it can reach no other.
 */
export function defineStep<Shape extends z.ZodRawShape, const Uses extends readonly (keyof World)[]>(kind: {
  readonly name: string;
  readonly summary: string;
  readonly registers?: boolean;
  readonly expects?: 'each' | 'last' | 'count';
  readonly judges?: boolean;
  readonly shorthand?: keyof Shape & string;
  readonly hostile?: boolean;
  readonly args: z.ZodObject<Shape, z.core.$strict>;
  /** The members of the world that the step works with. */
  readonly uses: Uses;
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
    args: kind.args,
    bind(written) {
      const parsed = kind.args.safeParse(written);
      return parsed.success
        ? {
            ok: true,
            step: {
              name: kind.name,
              args: parsed.data,
              needs: kind.needs?.(parsed.data) ?? {},
              run: (world) => kind.run(handedOut(world, kind.uses), parsed.data),
            },
          }
        : { ok: false, issues: parsed.error.issues };
    },
  };
}

function handedOut<Member extends keyof World>(world: World, uses: readonly Member[]): StepWorld<Member> {
  const members: readonly (Member | 'tell')[] = [...uses, 'tell'];
  return Object.fromEntries(members.map((member) => [member, world[member]])) as StepWorld<Member>;
}
