import { isoInstant, type AdvancingClock } from '../../core/time/clock.ts';
import type { Cloud } from '../../core/cloud/cloud.ts';
import { firstFailed } from '../../core/history/decision.ts';
import { addDuration, durationBetween, isDuration } from '../../core/time/duration.ts';
import type { ActiveFault } from '../../core/cloud/faults.ts';
import type { History } from '../../core/history/history.ts';
import type { HistoryEvent } from '../../core/history/events.ts';
import { registrationKey } from '../../core/wire/registration-id.ts';
import { labFaultSchema } from '../../sim/lab/schema.ts';
import { faultRule } from '../../sim/scenario/words/fault-words.ts';
import { tellIssue } from '../../sim/scenario/mistakes/issue-sentence.ts';
import { hubAuthorityRoutes } from './hub-authority-routes.ts';
import { refusal, type ControlAnswer, type ControlRequest } from './control-server.ts';
import { addConsumerGroup, removeConsumerGroup, toldConsumerGroups } from './consumer-groups.ts';
import type { Secret } from './secrets.ts';

/** What the control API works on. */
export interface Controlled {
  readonly clock: AdvancingClock;
  readonly history: History;
  readonly cloud: Cloud;
  secrets(): readonly Secret[];
  /** Called after the clock was moved. */
  onAdvance(): void;
}

type Route = (lab: Controlled, request: ControlRequest) => ControlAnswer;

/** By method and path; `*` stands for any segment. */
const routes: Readonly<Record<string, Route>> = {
  'GET /clock': ({ clock }) => ok(clockTold(clock)),
  'POST /clock/advance': advance,
  'GET /faults': ({ cloud }) => ok({ faults: cloud.faults.list().map(faultTold) }),
  'POST /faults': addFault,
  'DELETE /faults': ({ cloud }) => {
    cloud.faults.clear();
    return ok({ faults: [] });
  },
  'DELETE /faults/*': ({ cloud }, { path }) =>
    cloud.faults.remove(path[1] ?? '')
      ? ok({ faults: cloud.faults.list().map(faultTold) })
      : refusal(404, `no fault has the ID "${path[1] ?? ''}"`),
  'GET /consumer-groups': (lab) => ok(toldConsumerGroups(lab)),
  'PUT /consumer-groups/*': addConsumerGroup,
  'DELETE /consumer-groups/*': removeConsumerGroup,
  'GET /hubs/*/authorities': ({ cloud }, request) => hubAuthorityRoutes.list(cloud.operator, request),
  'POST /hubs/*/authorities': ({ cloud }, request) => hubAuthorityRoutes.add(cloud.operator, request),
  'DELETE /hubs/*/authorities/*': ({ cloud }, request) => hubAuthorityRoutes.remove(cloud.operator, request),
  'GET /history': history,
  'GET /secrets': (lab, { query }) => {
    const isRevealed = query.get('reveal') === 'true';
    return ok({ secrets: lab.secrets().map(({ value, ...told }) => (isRevealed ? { ...told, value } : told)) });
  },
};

/** Answers a request that has shown the token. */
export function control(lab: Controlled, request: ControlRequest): ControlAnswer {
  const route = routes[`${request.method} ${patternOf(request.path)}`];
  if (route !== undefined) return route(lab, request);
  const methods = Object.keys(routes).filter((key) => key.split(' ')[1] === patternOf(request.path));
  if (methods.length > 0) return refusal(405, `expected ${methods.join(' or ')}`);
  return refusal(404, `there is no /${request.path.join('/')}; there are: ${Object.keys(routes).join(', ')}`);
}

function patternOf(path: readonly string[]): string {
  if (path.length === 2 && path[0] === 'faults') return '/faults/*';
  if (path.length === 3 && path[0] === 'consumer-groups') return '/consumer-groups/*';
  if (path[0] !== 'hubs') return `/${path.join('/')}`;
  return `/${path.map((segment, at) => (at % 2 === 0 ? segment : '*')).join('/')}`;
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}

function clockTold(clock: AdvancingClock): unknown {
  const now = clock.now();
  return { now: isoInstant(now), aheadBy: durationBetween(now - clock.leadMs, now) };
}

function advance(lab: Controlled, { body }: ControlRequest): ControlAnswer {
  const by: unknown = typeof body === 'object' && body !== null && 'by' in body ? body.by : undefined;
  if (typeof by !== 'string' || !isDuration(by))
    return refusal(400, 'expected an ISO 8601 duration, as in {"by":"P11M"}');
  const now = lab.clock.now();
  let target: number;
  try {
    target = addDuration(now, by);
  } catch {
    return refusal(400, `no calendar reaches as far as ${by} from now`);
  }
  if (target < now)
    return refusal(400, 'the time of a lab goes forward only: what it has signed would be from the future');
  if (target > lastInstant) {
    return refusal(400, `${isoInstant(target)} is too far: the server's own certificates end with the year 2099`);
  }
  lab.clock.advance(target - now);
  lab.history.record({ kind: 'time-jumped', from: now, to: lab.clock.now() });
  lab.onAdvance();
  return ok(clockTold(lab.clock));
}

/** Server certificates are valid until 2100. */
const lastInstant = 4_102_444_799_000;

function addFault({ cloud }: Controlled, { body }: ControlRequest): ControlAnswer {
  const parsed = labFaultSchema.safeParse(body);
  if (!parsed.success) {
    const told = parsed.error.issues.flatMap((issue) => tellIssue(issue, labFaultSchema, body, 'a fault'));
    return refusal(400, told.map(({ message }) => message).join('; '));
  }
  return { status: 201, body: faultTold(cloud.faults.add(faultRule(parsed.data, parsed.data.registrationId))) };
}

function faultTold({ from, to, ...fault }: ActiveFault): unknown {
  return {
    ...fault,
    ...(from === undefined ? {} : { from: isoInstant(from) }),
    ...(to === undefined ? {} : { to: isoInstant(to) }),
  };
}

/** Everything about one registration, or all there is, oldest first; decisions with the check that decided. */
function history({ history: recorded, cloud }: Controlled, { query }: ControlRequest): ControlAnswer {
  const registrationId = query.get('registrationId');
  const events = recorded.events();
  const chosen = registrationId === null ? events : events.filter(isAbout(registrationId, cloud));
  return ok({
    ...(registrationId === null ? {} : { registrationId }),
    events: chosen.map(({ at, ...event }) => ({
      at: isoInstant(at),
      ...event,
      ...(event.kind === 'decision' ? { failed: firstFailed(event)?.check ?? null } : {}),
    })),
  });
}

/** A hub speaks of the device ID, which an individual enrollment may have chosen. */
function isAbout(registrationId: string, cloud: Cloud): (event: HistoryEvent) => boolean {
  const key = registrationKey(registrationId);
  const deviceId = cloud.operator.enrollment(registrationId)?.deviceId;
  const isMeant = (name: string): boolean => registrationKey(name) === key || name === deviceId;
  return (event) => {
    switch (event.kind) {
      case 'decision':
      case 'deed':
        return isMeant(event.subject);
      case 'wire':
        return isMeant(event.from) || isMeant(event.to);
      case 'attempt-started':
      case 'attempt-ended':
        return isMeant(event.registrationId);
      case 'service-record':
        return isMeant(event.identity);
      case 'time-jumped':
        return true;
      case 'unit':
        return isMeant(event.device);
      case 'secret':
        return isMeant(event.place);
      case 'step-started':
      case 'step-ended':
      case 'asked-afar':
      case 'line-ended':
      case 'reconciled':
      case 'blast-radius':
      case 'drill':
      case 'signals':
        return false;
    }
  };
}
