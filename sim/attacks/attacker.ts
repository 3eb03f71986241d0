import type { BlastRadius, Transport } from '../../core/history/events.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Loot } from './loot.ts';
import type { Wires } from './wires.ts';

/** Somebody with loot and wires; there is nothing else that an attack can reach. */
export interface Attacker {
  /** The true time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly wires: Wires;
  /** What was taken under that name. @throws StepProblem where nothing was. */
  held(name: string): Loot;
  /** Keeps something under a name for later steps. */
  keep(name: string, loot: Loot): void;
  /** Devices by the name of a device or a fleet: what is on their labels, nothing of what is inside. */
  targets(name: string): Promise<readonly Target[]>;
  /** Every device that was ever planned, built or not: names follow a pattern, which anybody goes through. */
  everybody(): Promise<readonly Target[]>;
  /** Does things at the same virtual time. */
  all(works: readonly (() => Promise<void>)[]): Promise<void>;
  /** @throws always: the author asked for something that cannot be done at this point of the timeline. */
  refuse(sentence: string): never;
  /** Puts on record how far a theft reached. */
  report(radius: BlastRadius): void;
  tell(subject: string, sentence: string): void;
}

/** What anybody can know of a device. */
export interface Target {
  readonly name: string;
  readonly registrationId: string;
  readonly transport: Transport;
  /** Where it lives, which its traffic shows; undefined where it was never assigned. */
  readonly home: { readonly hub: string; readonly deviceId: string } | undefined;
}
