import type { CloudSettings, ClientTimeouts } from '../../../core/cloud/cloud.ts';

/** Returns the timeouts for the clients of a cloud. Timeouts that the settings omit get their default. */
export function clientTimeoutsOf({ clientTimeouts }: Pick<CloudSettings, 'clientTimeouts'>): ClientTimeouts {
  return {
    handshakeMs: 10_000,
    openingMs: 30_000,
    requestMs: 60_000,
    unreadMs: 60_000,
    idleMs: 5000,
    admissionMs: 30_000,
    ...clientTimeouts,
  };
}
