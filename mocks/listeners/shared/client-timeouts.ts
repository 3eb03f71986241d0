import type { CloudSettings, ClientTimeouts } from '../../../core/cloud/cloud.ts';

/** Returns the timeouts of a cloud's clients, with defaults for those that its settings omit. */
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
