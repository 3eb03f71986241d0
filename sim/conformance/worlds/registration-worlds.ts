import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import { assignedAnswer, withStateMembers } from './bodies.ts';
import { answerCount, isInService, requestCount, statusOf, telemetryCount } from './seen.ts';
import type { World } from './world.ts';

const normal: Pick<World, 'observeMs' | 'isShown' | 'settleMs'> = {
  observeMs: 20_000,
  isShown: isInService,
  settleMs: 1500,
};

const isOver = (events: readonly WireEvent[]): boolean =>
  answerCount(events, (answer) => ['assigned', 'failed', 'disabled'].includes(String(statusOf(answer)))) > 0;

/** Worlds (lab setups) in which DPS assigns the device. In each world, the answers of DPS have another form. */
export const registrationWorlds: readonly World[] = [
  {
    id: 'plain',
    title: 'DPS assigns the device; the client stays connected',
    lab: { assignmentMs: 1500 },
    observeMs: 25_000,
    isShown: (events) => telemetryCount(events) > 0,
    settleMs: 3000,
  },
  {
    id: 'certificate',
    title: 'The device attests with a certificate under an intermediate CA',
    credential: 'x509',
    needs: ['x509'],
    ...normal,
  },
  {
    id: 'retry-after-3',
    title: 'DPS answers register and polls with retry-after 3',
    lab: { assignmentMs: 2500, retryAfterSeconds: 3 },
    ...normal,
  },
  {
    id: 'no-retry-after',
    title: 'DPS answers `assigning` for 8 seconds, without retry-after',
    lab: { assignmentMs: 8000 },
    script: () => ({
      dps: (_request, { retryAfterSeconds: _left, ...answer }) => answer,
    }),
    ...normal,
    observeMs: 30_000,
  },
  {
    id: 'odd-operation',
    title: 'The operation ID has characters beyond letters, digits and dashes',
    script: (facts) => ({
      dps: ({ operation, operationId }, answer) => {
        if (operation === 'register' && answer.status === 202)
          return { ...answer, body: { operationId: oddOperation, status: 'assigning' } };
        return operation === 'poll' && operationId === oddOperation ? assignedAnswer(facts, oddOperation) : answer;
      },
    }),
    ...normal,
  },
  {
    id: 'further-members',
    title: 'The answers of DPS have members that the client does not know',
    script: () => ({
      dps: (_request, answer) =>
        withStateMembers(
          { ...answer, body: { ...(answer.body as object), futureMember: { of: ['a', 1] }, region: null } },
          { futureState: 'x', futureList: [] },
        ),
    }),
    ...normal,
  },
  {
    id: 'assigned-at-once',
    title: 'DPS answers the register request with status 200 and the assignment',
    script: (facts) => ({
      dps: ({ operation }, answer) =>
        operation === 'register' && answer.status === 202 ? assignedAnswer(facts, '5.at-once') : answer,
    }),
    ...normal,
  },
  {
    id: 'other-device-id',
    title: 'DPS assigns a device ID that differs from the registration ID',
    lab: { deviceId: 'unit-7f3a' },
    ...normal,
  },
  {
    id: 'profile-null',
    title: 'DPS sends `connectionProfile` null',
    script: () => ({ dps: (_request, answer) => withStateMembers(answer, { connectionProfile: null }) }),
    ...normal,
  },
  ...(['mqttV5', 'quantum'] as const).map((connectionProfile): World => ({
    id: `profile-${connectionProfile.toLowerCase()}`,
    title: `DPS sends \`connectionProfile\` ${connectionProfile}`,
    script: () => ({ dps: (_request, answer) => withStateMembers(answer, { connectionProfile }) }),
    observeMs: 15_000,
    isShown: isOver,
    settleMs: 2500,
  })),
  {
    id: 'foreign-answer',
    title:
      'Before each answer of DPS over MQTT, the client gets an answer with another request ID and for another device',
    script: (facts) => ({
      toClient: (packet) => {
        if (packet.cmd !== 'publish' || !packet.topic.startsWith('$dps/registrations/res/')) return [packet];
        const foreign = assignedAnswer({ ...facts, deviceId: 'another-device', hub: facts.otherHub }, '5.foreign');
        const topic = '$dps/registrations/res/200/?$rid=00000000-0000-4000-8000-000000000000';
        return [{ ...packet, topic, payload: JSON.stringify(foreign.body) }, packet];
      },
    }),
    ...normal,
  },
  {
    id: 'slow',
    title: 'An assignment lasts 5 seconds',
    lab: { assignmentMs: 5000 },
    ...normal,
  },
  {
    id: 'endless',
    title: 'An assignment never ends',
    lab: { assignmentMs: 86_400_000, retryAfterSeconds: 10 },
    jumps: true,
    observeMs: 90_000,
    // Statement P7 needs a record of more than 30 minutes.
    isShown: (events) => requestCount(events, 'register') > 1 || (events.at(-1)?.at ?? 0) > 40 * 60_000,
  },
  {
    id: 'reboot',
    title: 'The device reboots while its hub accepts it',
    needs: ['hub'],
    acts: [
      {
        title: 'the runner ends the client with SIGTERM and starts it again',
        after: (_event, events) => isInService(events),
        waitMs: 500,
        do: (stage) => stage.reboot(),
      },
    ],
    observeMs: 30_000,
    isShown: (events) => {
      const boot = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
      return boot !== -1 && events.slice(boot).some(({ kind }) => kind === 'connect' || kind === 'dps-request');
    },
    settleMs: 500,
  },
];

const oddOperation = '5.3a~b_c.D-e:f,g!h';
