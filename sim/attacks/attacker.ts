import type { BlastRadius, Transport } from '../../core/history/events.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Loot } from './loot.ts';
import type { Wires } from './wires.ts';

/** An attacker with loot and wires. An attack reaches nothing else of the simulation. */
export interface Attacker {
  /** The true time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly wires: Wires;
  /** Returns the loot of that name. @throws StepProblem if there is none. */
  held(name: string): Loot;
  /** Keeps loot under a name for later steps. */
  keep(name: string, loot: Loot): void;
  /** Returns the labels of a device or of the members of a fleet, without anything that is inside of them. */
  targets(name: string): Promise<readonly Target[]>;
  /** Returns every planned device, built or not: registration IDs follow a pattern that an attacker can guess. */
  everybody(): Promise<readonly Target[]>;
  /** Runs all works at the same virtual time. */
  all(works: readonly (() => Promise<void>)[]): Promise<void>;
  /** @throws StepProblem always: the timeline asks for something that cannot be done at this point. */
  refuse(sentence: string): never;
  /** Records the identities that the loot can impersonate. */
  report(radius: BlastRadius): void;
  /** Records an action of the attacker in the history. */
  tell(subject: string, sentence: string): void;
}

/** Public data of a device. */
export interface Target {
  readonly name: string;
  readonly registrationId: string;
  readonly transport: Transport;
  /** Its hub, which its traffic shows; undefined if it was never assigned. */
  readonly home: { readonly hub: string; readonly deviceId: string } | undefined;
}
