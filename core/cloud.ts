import type { Clock } from './clock.ts';
import type { EnrollmentGroup, IndividualEnrollment } from './enrollment.ts';
import type { FidelitySettings } from './fidelity.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';

/** What a cloud needs to start; all of it belongs to one world. */
export interface CloudSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly history: History;
  readonly idScope: string;
  /** Host names of the linked hubs, `name.azure-devices.net`. */
  readonly hubs: readonly string[];
  readonly fidelity: FidelitySettings;
  /** What a 202 asks the device to wait; 3 on the real service. */
  readonly retryAfterSeconds: number;
  /** How long an assignment takes, in milliseconds by `clock`. */
  readonly assignmentMs: number;
}

/** A provisioning service and its hubs, reachable on loopback. */
export interface Cloud {
  readonly idScope: string;
  /**
   * Ports on 127.0.0.1; the hosts that a client asks for are told apart by TLS server name, path and user name.
   * WebSockets come in by the port of HTTPS.
   */
  readonly ports: { readonly https: number; readonly mqtt: number; readonly amqp: number };
  /** DER of the root under which the servers' certificates stand. */
  readonly serverRoot: Buffer;
  readonly operator: CloudOperator;
  close(): Promise<void>;
}

/** What the people who run the service can do. Ids are compared without case. */
export interface CloudOperator {
  /** Creates or replaces. Returns a sentence where the service would not take it. */
  putEnrollment(enrollment: IndividualEnrollment): string | undefined;
  putEnrollmentGroup(group: EnrollmentGroup): string | undefined;
  enrollment(registrationId: string): IndividualEnrollment | undefined;
  enrollmentGroup(enrollmentGroupId: string): EnrollmentGroup | undefined;
  /** Returns whether there was one. */
  deleteEnrollment(registrationId: string): boolean;
  deleteEnrollmentGroup(enrollmentGroupId: string): boolean;
  /** Blocks or unblocks an identity at a hub. Returns whether there was one. */
  setHubIdentityStatus(hub: string, deviceId: string, status: 'enabled' | 'disabled'): boolean;
}

/** Starts a cloud; `mocks` offers one, and whoever has another may pass it in its place. */
export type StartCloud = (settings: CloudSettings) => Promise<Cloud>;
