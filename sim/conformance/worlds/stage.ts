import type { CloudOperator } from '../../../core/cloud/cloud-operator.ts';
import type { MqttRelay } from '../record/mqtt-relay.ts';
import type { WorldFacts } from './world-facts.ts';

/** The parts of a lab that an action of the runner can reach. */
export interface Stage {
  readonly facts: WorldFacts;
  readonly operator: CloudOperator;
  /** Returns the open MQTT connections to the hubs, oldest first. */
  hubConnections(): readonly MqttRelay[];
  /** Kills the client at once and starts it again. Its state folder stays. */
  cutPower(): Promise<void>;
  /** Ends the client with SIGTERM, as an orderly reboot does, and starts it again. Its state folder stays. */
  reboot(): Promise<void>;
  /** Sets the clock of the client, in the form of libfaketime. */
  setClientClock(time: string): void;
  /** Clears the TPM of the client, as its firmware can. Does nothing if the client has none. */
  clearTpm(): Promise<void>;
  /** Advances the clock of the services. */
  advance(byMs: number): void;
}
