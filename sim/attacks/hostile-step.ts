import type { z } from 'zod';
import type { Attacker } from './attacker.ts';

/** A kind of timeline step that uses only the loot and the network connections of an attacker. */
export interface HostileStep {
  readonly name: string;
  readonly summary: string;
  /** True if the attacker tries to register or to connect. The assertions under `expect` then check these attempts. */
  readonly registers: boolean;
  /** `each`: the assertions under `expect` apply to every attempt. `count`: they apply only to the number of attempts. */
  readonly expects: 'each' | 'count';
  /** The argument that receives the value if a scenario gives the step a bare string instead of an object. */
  readonly shorthand: string;
  readonly args: z.ZodObject;
  /** Runs the step with arguments that the schema `args` has parsed. */
  readonly run: (attacker: Attacker, args: never) => Promise<void>;
}

/** Defines a step of an attacker. Defaults: the step registers, `expect` applies to each attempt, and the shorthand is `device`. */
export function hostileStep<Shape extends z.ZodRawShape>(step: {
  readonly name: string;
  readonly summary: string;
  readonly registers?: boolean;
  readonly expects?: 'each' | 'count';
  readonly shorthand?: keyof Shape & string;
  readonly args: z.ZodObject<Shape, z.core.$strict>;
  readonly run: (attacker: Attacker, args: z.output<z.ZodObject<Shape, z.core.$strict>>) => Promise<void>;
}): HostileStep {
  return { registers: true, expects: 'each', shorthand: 'device', ...step };
}
