import { isInService } from './seen.ts';
import type { World } from './world.ts';

/**
 * Worlds (lab setups) in which the clock of the client is wrong. These worlds need the library libfaketime, and a dynamically linked
 * client.
 */
export const clockWorlds: readonly World[] = [
  {
    id: 'clock-1970',
    title: 'The clock of the client starts at 1970-01-01',
    clientClock: '@1970-01-01 00:10:00',
    observeMs: 12_000,
    isShown: (events) => events.some((event) => event.kind === 'connect' || event.kind === 'dps-request'),
    settleMs: 1000,
  },
  {
    id: 'clock-jump',
    title: 'The clock of the client jumps by a day while DPS assigns the device with retry-after 3',
    clientClock: '+0',
    lab: { assignmentMs: 2500, retryAfterSeconds: 3 },
    acts: [
      {
        title: 'the clock of the client jumps by a day',
        after: (event) => event.kind === 'dps-answer' && event.operation === 'register' && event.status === 202,
        waitMs: 200,
        do: (stage) => stage.setClientClock('+86400'),
      },
    ],
    observeMs: 25_000,
    isShown: isInService,
    settleMs: 300,
  },
];
