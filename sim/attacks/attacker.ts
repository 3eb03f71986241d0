import type { BlastRadius, Transport } from '../../core/history/events.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Loot } from './loot.ts';
import type { Wires } from './wires.ts';

/** An attacker with the loot they hold and network connections. An attack can use nothing else of the simulation. */
export interface Attacker {
  /** The clock of the simulation, which shows the true time. */
  readonly clock: Clock;
  readonly random: Random;
  readonly wires: Wires;
  /**
   * Returns the loot that an earlier step stored under this name.
   * @throws StepProblem if no step stored loot under this name.
   */
  held(name: string): Loot;
  /** Stores loot under a name for later steps. */
  keep(name: string, loot: Loot): void;
  /** Returns the data on the label of a device, or on the label of each member of a fleet. The label shows nothing from inside a device. */
  targets(name: string): Promise<readonly Target[]>;
  /** Returns every planned device, even one that is not built yet: an attacker can guess registration IDs by their pattern. */
  everybody(): Promise<readonly Target[]>;
  /** Starts all functions at the same virtual time and waits until each has ended. */
  all(works: readonly (() => Promise<void>)[]): Promise<void>;
  /**
   * Ends the step because the timeline demands something impossible at this point.
   * @throws StepProblem always.
   */
  refuse(sentence: string): never;
  /** Records the identities that the loot can impersonate. */
  report(radius: BlastRadius): void;
  /** Records an action of the attacker in the history. */
  tell(subject: string, sentence: string): void;
}

/** Data of a device that an attacker can know without opening the device. */
export interface Target {
  readonly name: string;
  readonly registrationId: string;
  readonly transport: Transport;
  /** The assigned hub, which an eavesdropper sees in the traffic of the device; undefined if the device was never assigned. */
  readonly home: { readonly hub: string; readonly deviceId: string } | undefined;
}
