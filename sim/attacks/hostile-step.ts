import type { z } from 'zod';
import type { Attacker } from './attacker.ts';

/** A kind of step that only has an attacker's loot and wires to work with. */
export interface HostileStep {
  readonly name: string;
  readonly summary: string;
  /** Whether somebody tries to get into service in it, so that `expect` has something to look at. */
  readonly registers: boolean;
  /** Whether `expect` is about each attempt or about what is counted of all. */
  readonly expects: 'each' | 'count';
  /** The word that a bare string stands for. */
  readonly shorthand: string;
  readonly args: z.ZodObject;
  /** The arguments are what `args` parsed. */
  readonly run: (attacker: Attacker, args: never) => Promise<void>;
}

/** Makes a hostile step from its settings and the one thing it does. */
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
