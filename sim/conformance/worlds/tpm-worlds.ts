import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { connectCount, isInService, isTelemetry, requestCount } from './seen.ts';
import type { Act, World } from './world.ts';

const inService = (_event: WireEvent, events: readonly WireEvent[]): boolean => isInService(events);

/** On a busy computer, a TPM needs seconds to make its keys and to unwrap a key. */
const observeMs = 60_000;

/** Returns the events after the second start of the client. */
function afterReboot(events: readonly WireEvent[]): readonly WireEvent[] {
  const at = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
  return at === -1 ? [] : events.slice(at + 1);
}

const cutHub: Act = {
  title: 'the runner cuts the connections to the hub, and the hub refuses the next one with CONNACK 5',
  after: inService,
  waitMs: 500,
  do: (stage) => {
    for (const relay of stage.hubConnections()) relay.cut();
  },
};

/** Worlds (lab setups) in which the device attests with a TPM. These worlds need swtpm. */
export const tpmWorlds: readonly World[] = [
  {
    id: 'tpm',
    title: 'The device attests with a TPM',
    credential: 'tpm',
    needs: ['tpm'],
    observeMs,
    isShown: (events) => isInService(events) || requestCount(events, 'register') >= 3,
    settleMs: 1500,
  },
  {
    id: 'tpm-cut',
    title: 'The power fails after the challenge of a second registration',
    credential: 'tpm',
    needs: ['tpm', 'hub', 'state'],
    script: () => {
      let [connects, tokens] = [0, 0];
      return {
        connack: ({ service }) => (service === 'hub' && ++connects === 2 ? 5 : undefined),
        dps: ({ operation, hasToken }, answer) =>
          operation === 'register' && hasToken && ++tokens === 2 ? 'drop' : answer,
      };
    },
    acts: [
      cutHub,
      {
        title: 'the power fails before DPS answers the token',
        after: (event) => event.kind === 'dps-answer' && event.status === 0,
        do: (stage) => stage.cutPower(),
      },
    ],
    observeMs,
    isShown: (events) => connectCount(afterReboot(events), 'hub') > 0 && afterReboot(events).some(isConnack),
    settleMs: 500,
  },
  {
    id: 'tpm-cleared',
    title: 'The TPM is cleared while the device has no power',
    credential: 'tpm',
    needs: ['tpm'],
    acts: [
      {
        title: 'the TPM is cleared, and the power fails',
        after: inService,
        waitMs: 500,
        do: async (stage) => {
          await stage.clearTpm();
          await stage.cutPower();
        },
      },
    ],
    observeMs,
    isShown: (events) => requestCount(afterReboot(events), 'register') > 0 || afterReboot(events).some(isTelemetry),
    settleMs: 1500,
  },
];

const isConnack = ({ kind }: WireEvent): boolean => kind === 'connack';
