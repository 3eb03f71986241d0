import type { DpsRequest, WireEvent } from '../../../core/conformance/wire-event.ts';
import type { Script, ScriptAnswer } from '../script.ts';
import { errorAnswer } from './bodies.ts';
import { answerCount, connectCount, isInService, requestCount, statusOf } from './seen.ts';
import type { World } from './world.ts';

const untilService: Pick<World, 'observeMs' | 'isShown'> = { observeMs: 30_000, isShown: isInService };

/** Returns a script that answers the first `times` requests of an operation with `answer`. */
function firstAnswers(operation: DpsRequest['operation'], times: number, answer: ScriptAnswer): () => Script {
  return () => {
    let left = times;
    return { dps: (request, given) => (request.operation === operation && left-- > 0 ? answer : given) };
  };
}

const throttled = (retryAfterSeconds?: number): ScriptAnswer =>
  errorAnswer(429, 429001, 'Operations are being throttled for this tenant.', retryAfterSeconds);

const hasEnded = (events: readonly WireEvent[], status: string): boolean =>
  answerCount(events, (answer) => statusOf(answer) === status) > 0;

function refusedConnects(id: string, code: number, service: 'dps' | 'hub', times: number): World {
  return {
    id,
    title: `The first ${times} CONNECTs to ${service === 'dps' ? 'DPS' : 'the hub'} get CONNACK ${code}`,
    script: () => {
      let left = times;
      return { connack: (connect) => (connect.service === service && left-- > 0 ? code : undefined) };
    },
    observeMs: 30_000,
    isShown: (events) => connectCount(events, service) > times,
  };
}

/** Worlds (lab setups) in which a service throttles or refuses a client, or has an error. */
export const refusalWorlds: readonly World[] = [
  {
    id: 'register-429',
    title: 'DPS answers the first register request with 429 and retry-after 3',
    script: firstAnswers('register', 1, throttled(3)),
    ...untilService,
  },
  {
    id: 'register-429-bare',
    title: 'DPS answers four register requests with 429, without retry-after',
    script: firstAnswers('register', 4, throttled()),
    observeMs: 60_000,
    isShown: (events) => requestCount(events, 'register') > 4,
  },
  {
    id: 'fleet-429',
    title: 'DPS answers the first register request of each of 6 clients with 429, without retry-after',
    clients: 6,
    script: () => {
      const seen = new Set<string>();
      return {
        dps: ({ operation, registrationId }, answer) => {
          if (operation !== 'register' || seen.has(registrationId)) return answer;
          seen.add(registrationId);
          return throttled();
        },
      };
    },
    observeMs: 40_000,
    isShown: (events) => requestCount(events, 'register') >= 12,
  },
  {
    id: 'poll-429',
    title: 'DPS answers the first poll with 429 and retry-after 2',
    lab: { assignmentMs: 500 },
    script: firstAnswers('poll', 1, throttled(2)),
    ...untilService,
  },
  {
    id: 'poll-503',
    title: 'DPS answers the first poll with 503',
    lab: { assignmentMs: 500 },
    script: firstAnswers('poll', 1, errorAnswer(503, 503001, 'The service is busy.')),
    ...untilService,
  },
  {
    id: 'register-503',
    title: 'DPS answers the first register request with 503',
    script: firstAnswers('register', 1, errorAnswer(503, 503001, 'The service is busy.')),
    ...untilService,
  },
  {
    id: 'html-error',
    title: 'The first register request gets status 500 with an HTML body, the second one an empty body',
    script: () => {
      const bodies = ['<html><body>502 Bad Gateway</body></html>', ''];
      return {
        dps: ({ operation }, answer) => {
          const raw = operation === 'register' ? bodies.shift() : undefined;
          return raw === undefined ? answer : { status: 500, raw };
        },
      };
    },
    ...untilService,
  },
  {
    id: 'not-enrolled',
    title: 'No enrollment matches the device, so DPS answers 401',
    lab: { enrollment: 'none' },
    observeMs: 12_000,
    isShown: (events) => requestCount(events, 'register') >= 12,
  },
  {
    id: 'disabled',
    title: 'The enrollment of the device is disabled',
    lab: { enrollment: 'disabled' },
    observeMs: 15_000,
    isShown: (events) => hasEnded(events, 'disabled'),
    settleMs: 4000,
  },
  {
    id: 'failed',
    title: 'The registration fails with an error number',
    script: () => ({
      dps: ({ operation, operationId, registrationId }, answer) => {
        if (operation !== 'poll') return answer;
        const state = {
          registrationId,
          status: 'failed',
          errorCode: 400209,
          errorMessage: 'Custom allocation failed.',
        };
        return { status: 200, body: { operationId, status: 'failed', registrationState: state } };
      },
    }),
    observeMs: 15_000,
    isShown: (events) => hasEnded(events, 'failed'),
    settleMs: 4000,
  },
  {
    id: 'paused',
    title: 'DPS answers each poll with the unknown status `paused`',
    script: () => ({
      dps: ({ operation, operationId }, answer) =>
        operation === 'poll' ? { status: 200, body: { operationId, status: 'paused' } } : answer,
    }),
    observeMs: 15_000,
    isShown: (events) => requestCount(events, 'poll') > 8,
  },
  refusedConnects('connack-5-dps', 5, 'dps', 2),
  refusedConnects('connack-3-dps', 3, 'dps', 2),
];
