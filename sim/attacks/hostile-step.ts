import type { z } from 'zod';
import type { Attacker } from './attacker.ts';

/** A kind of step that works only with the loot and the wires of an attacker. */
export interface HostileStep {
  readonly name: string;
  readonly summary: string;
  /** True if the attacker tries to get into service, so that `expect` has attempts to check. */
  readonly registers: boolean;
  /** Attempts that `expect` is about: each of them, or only their count. */
  readonly expects: 'each' | 'count';
  /** The argument that a bare string means. */
  readonly shorthand: string;
  readonly args: z.ZodObject;
  /** Gets the arguments that `args` parsed. */
  readonly run: (attacker: Attacker, args: never) => Promise<void>;
}

/** Defines a hostile step: its settings, its arguments and the one thing that it does. */
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
