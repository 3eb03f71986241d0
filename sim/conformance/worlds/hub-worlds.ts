import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { connectCount, isInService, isTelemetry, requestCount, telemetryCount } from './seen.ts';
import type { Stage } from './stage.ts';
import type { Act, World } from './world.ts';

const inService = (_event: WireEvent, events: readonly WireEvent[]): boolean => isInService(events);

function isSubscribed(events: readonly WireEvent[], prefix: string): boolean {
  return events.some(
    (event) => event.kind === 'subscribe' && event.filters.some(({ filter }) => filter.startsWith(prefix)),
  );
}

function callMethod(stage: Stage): void {
  const topic = '$iothub/methods/POST/conformance/?$rid=a7f';
  for (const relay of stage.hubConnections())
    relay.send({ cmd: 'publish', topic, payload: '{"level":1}', qos: 0, dup: false, retain: false });
}

const cutHub: Act = {
  title: 'the runner cuts the connections to the hub',
  after: inService,
  waitMs: 700,
  do: (stage) => {
    for (const relay of stage.hubConnections()) relay.cut();
  },
};

const isBack = (events: readonly WireEvent[]): boolean => {
  const cut = events.findIndex(({ kind }) => kind === 'act');
  return cut !== -1 && events.slice(cut).some(isTelemetry);
};

/** Worlds (lab setups) that test the connection of the client to its hub. */
export const hubWorlds: readonly World[] = [
  {
    id: 'hub-calls',
    title: 'The service sends a message and calls a method',
    needs: ['hub'],
    acts: [
      {
        title: 'the service sends a cloud-to-device message',
        after: (_event, events) => isInService(events) && isSubscribed(events, 'devices/'),
        waitMs: 200,
        do: ({ operator, facts }) => {
          operator.sendToDevice(facts.hub, facts.deviceId, { body: Buffer.from('hello'), messageId: 'm-1' });
        },
      },
      {
        title: 'the service calls the method `conformance`',
        after: (_event, events) => isSubscribed(events, '$iothub/methods/'),
        waitMs: 200,
        do: callMethod,
      },
    ],
    observeMs: 20_000,
    isShown: (events) => events.filter(({ kind }) => kind === 'act').length === 2 || telemetryCount(events) > 5,
    settleMs: 1500,
  },
  {
    id: 'hub-cut',
    title: 'The connection to the hub breaks while the client is in service',
    needs: ['hub'],
    acts: [cutHub],
    observeMs: 30_000,
    isShown: isBack,
    settleMs: 1500,
  },
  {
    id: 'session-lost',
    title: 'The connection to the hub breaks, and the hub loses the session',
    needs: ['hub'],
    script: () => ({
      toClient: (packet, { service }) =>
        packet.cmd === 'connack' && service === 'hub' ? [{ ...packet, sessionPresent: false }] : [packet],
    }),
    acts: [cutHub],
    observeMs: 30_000,
    isShown: isBack,
    settleMs: 1500,
  },
  {
    id: 'hub-refuses',
    title: 'The hub answers each CONNECT with CONNACK 5, and DPS assigns the same hub again',
    needs: ['hub'],
    script: () => ({ connack: ({ service }) => (service === 'hub' ? 5 : undefined) }),
    observeMs: 20_000,
    isShown: (events) => requestCount(events, 'register') >= 8,
  },
  {
    id: 'hub-busy',
    title: 'The hub answers each CONNECT with CONNACK 3',
    needs: ['hub'],
    script: () => ({ connack: ({ service }) => (service === 'hub' ? 3 : undefined) }),
    jumps: true,
    observeMs: 90_000,
    isShown: isOverBusy,
  },
  {
    id: 'moved',
    title: 'The operator moves the device to the other hub',
    needs: ['hub'],
    acts: [
      {
        title: 'the operator assigns the other hub and disables the device at the first hub',
        after: inService,
        waitMs: 500,
        do: (stage) => {
          moveDevice(stage);
          for (const relay of stage.hubConnections()) relay.cut();
        },
      },
    ],
    observeMs: 40_000,
    isShown: (events) => {
      const moved = events.findIndex(({ kind }) => kind === 'act');
      const hosts = events.slice(moved + 1).flatMap((event) => (event.kind === 'connect' ? (event.host ?? []) : []));
      return moved !== -1 && hosts.some((host) => host.startsWith('conform-b'));
    },
    settleMs: 2500,
  },
  {
    id: 'moved-while-off',
    title: 'The operator moves the device while it has no power',
    needs: ['hub', 'state'],
    acts: [
      {
        title: 'the operator moves the device, and the power fails',
        after: inService,
        waitMs: 500,
        do: async (stage) => {
          moveDevice(stage);
          await stage.cutPower();
        },
      },
    ],
    observeMs: 40_000,
    isShown: (events) => {
      const boot = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
      const hosts = events.slice(boot + 1).flatMap((event) => (event.kind === 'connect' ? (event.host ?? []) : []));
      return boot !== -1 && hosts.some((host) => host.startsWith('conform-b'));
    },
    settleMs: 2500,
  },
  {
    id: 'power-cut-assigning',
    title: 'The power fails between the 202 of DPS and the assignment',
    lab: { assignmentMs: 1500 },
    acts: [
      {
        title: 'the power fails',
        after: (event) => event.kind === 'dps-answer' && event.operation === 'register' && event.status === 202,
        waitMs: 300,
        do: (stage) => stage.cutPower(),
      },
    ],
    observeMs: 30_000,
    isShown: isInService,
    settleMs: 500,
  },
  {
    id: 'short-token',
    title: 'The lab tells the client to use tokens that last 6 seconds',
    needs: ['hub', 'tokens'],
    environment: { REHEARSAL_TOKEN_SECONDS: '6' },
    observeMs: 25_000,
    isShown: (events) => connectCount(events, 'hub') >= 3,
  },
];

/**
 * Returns true if the record suffices to judge the statements B1 and B2: after 60 connections, after 32 minutes, or after 24 connections
 * and a new registration.
 */
function isOverBusy(events: readonly WireEvent[]): boolean {
  const first = events.find((event) => event.kind === 'connect' && event.service === 'hub');
  if (first === undefined) return false;
  const isBack = events.some(
    (event) => event.at > first.at && event.kind === 'dps-request' && event.operation === 'register',
  );
  const count = connectCount(events, 'hub');
  return count >= 60 || (count >= 24 && isBack) || (events.at(-1)?.at ?? 0) - first.at > 32 * 60_000;
}

function moveDevice({ operator, facts }: Stage): void {
  const enrollment = operator.enrollment(facts.registrationId);
  if (enrollment !== undefined) operator.putEnrollment({ ...enrollment, hubs: [facts.otherHub] });
  operator.setHubIdentityStatus(facts.hub, facts.deviceId, 'disabled');
}
