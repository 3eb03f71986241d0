import { isInService } from './seen.ts';
import type { World } from './world.ts';

/** Settings for a run that is long enough for a client to repeat its handshake after the client has rejected the server. */
const refusal: Pick<World, 'observeMs' | 'isShown' | 'settleMs'> = {
  observeMs: 12_000,
  isShown: (events) => events.some(({ kind }) => kind === 'opened' || kind === 'handshake-failed'),
  settleMs: 2500,
};

/** Worlds (lab setups) that differ in the certificate of the servers. */
export const tlsWorlds: readonly World[] = [
  {
    id: 'unknown-root',
    title: 'The servers use a root that the client does not have',
    lab: { server: 'other-root' },
    ...refusal,
  },
  {
    id: 'other-host',
    title: 'The certificate of the servers is for another host name',
    lab: { server: 'other-host' },
    ...refusal,
  },
  {
    id: 'expired-server',
    title: 'The certificate of the servers expired 10 days ago',
    lab: { server: 'expired' },
    ...refusal,
  },
  {
    id: 'new-intermediate',
    title: 'The servers use a new intermediate CA under a trusted root',
    lab: { server: 'new-intermediate' },
    observeMs: 20_000,
    isShown: isInService,
  },
  {
    id: 'second-root',
    title: 'The servers use the second root of the trust bundle',
    lab: { server: 'second-root' },
    observeMs: 20_000,
    isShown: isInService,
  },
];
