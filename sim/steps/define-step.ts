import { z } from 'zod';
import type { StepWorld, World } from '../world/world.ts';

/** What the rest of the program sees of a kind of step: the type of its arguments is sealed inside. */
export interface StepKind {
  readonly name: string;
  /** One sentence for help, schema and docs. */
  readonly summary: string;
  /** Whether devices try to get into service, so that `expect` has something to look at. */
  readonly registers: boolean;
  /** Which attempts of a device `expect` is about: of a life, only the last; none where it is about their count. */
  readonly expects: 'each' | 'last' | 'count';
  /** Whether a station or an auditor decides something in it, which `expect` can look at. */
  readonly judges: boolean;
  /** The word that a bare string stands for: `power-on: thermostat` is `power-on: { device: thermostat }`. */
  readonly shorthand: string;
  /** Whether an attacker acts in it: what is well for a device in other steps is wrong here. */
  readonly hostile: boolean;
  readonly args: z.ZodObject;
  /** Checks written arguments; a bare string must have been spread to its shorthand word before. */
  bind(written: unknown): Binding;
}

/** What a step has to reach or to have at hand where it is done. */
export interface Needs {
  /** Whether the provisioning service takes part. */
  readonly service?: boolean;
  /** The CA that signs. */
  readonly ca?: string | undefined;
  /** The CA of a vendor that is asked; its key is nowhere else. */
  readonly vendor?: string | undefined;
  /** The store of certificates that were ordered ahead. */
  readonly batch?: string | undefined;
  /** The enrollment group whose key is used. */
  readonly group?: string | undefined;
  /** The shared symmetric key that is used. */
  readonly key?: string | undefined;
}

/** A step whose arguments are checked. */
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
