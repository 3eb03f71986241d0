import type { CloudSettings, ClientTimeouts } from '../../../core/cloud/cloud.ts';

/** How long the doors wait for their clients. */
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
