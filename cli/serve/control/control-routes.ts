import { isoInstant, type AdvancingClock } from '../../../core/time/clock.ts';
import { defined } from '../../../core/defined.ts';
import type { Cloud } from '../../../core/cloud/cloud.ts';
import { addDuration, durationBetween, isDuration } from '../../../core/time/duration.ts';
import type { ActiveFault } from '../../../core/cloud/faults.ts';
import type { HistoryEvent } from '../../../core/history/events.ts';
import { registrationKey } from '../../../core/wire/registration-id.ts';
import { parseCertificate } from '../../../core/x509/certificate.ts';
import { pageCertificate } from '../../../reports/html/page-certificates.ts';
import { labFaultSchema } from '../../../sim/lab/schema.ts';
import { faultRule } from '../../../sim/scenario/words/fault-words.ts';
import { mistakesOfIssue } from '../../../sim/scenario/mistakes/issue-sentence.ts';
import { hubAuthorityRoutes } from './hub-authority-routes.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';
import { updateRoutes } from './update-routes.ts';
import { maintainHub } from './maintain-hub.ts';
import { addConsumerGroup, listConsumerGroups, removeConsumerGroup } from './consumer-groups.ts';
import type { Controlled } from './controlled.ts';
import { eventJson } from '../watch/event-json.ts';
import type { ControlAnswer } from './control-server.ts';
import { labOverview } from './lab-overview.ts';
import { openApi } from './open-api.ts';
import { registryRoutes } from './registry-routes.ts';
import { isRouteKey, type RouteKey } from './route-descriptions.ts';

type Route = (lab: Controlled, request: LocalRequest) => ControlAnswer | Promise<ControlAnswer>;

/** Routes by method and path, as `route-descriptions.ts` describes them; `*` matches one segment. */
const routes: Readonly<Record<RouteKey, Route>> = {
  'GET /clock': ({ clock }) => ok(clockState(clock)),
  'POST /clock/advance': advance,
  'GET /faults': ({ cloud }) => ok({ faults: cloud.faults.list().map(faultState) }),
  'POST /faults': addFault,
  'DELETE /faults': ({ cloud }) => {
    cloud.faults.clear();
    return ok({ faults: [] });
  },
  'DELETE /faults/*': ({ cloud }, { path }) =>
    cloud.faults.remove(path[1] ?? '')
      ? ok({ faults: cloud.faults.list().map(faultState) })
      : refusal(404, `no fault has the ID "${path[1] ?? ''}"`),
  'GET /consumer-groups': (lab) => ok(listConsumerGroups(lab)),
  'PUT /consumer-groups/*': addConsumerGroup,
  'DELETE /consumer-groups/*': removeConsumerGroup,
  'GET /hubs/*/authorities': ({ cloud }, request) => hubAuthorityRoutes.list(cloud.operator, request),
  'POST /hubs/*/authorities': ({ cloud }, request) => hubAuthorityRoutes.add(cloud.operator, request),
  'DELETE /hubs/*/authorities/*': ({ cloud }, request) => hubAuthorityRoutes.remove(cloud.operator, request),
  'POST /hubs/*/maintenance': maintainHub,
  'GET /updates': updateRoutes.get,
  'PUT /updates': updateRoutes.put,
  'DELETE /updates': updateRoutes.remove,
  'GET /history': history,
  'GET /events': ({ streams }) =>
    streams.isFull()
      ? refusal(503, 'too many event streams are open; close one, then connect again')
      : { stream: (response, lastEventId) => streams.open(response, lastEventId) },
  'GET /openapi.json': () => ok(openApi()),
  'GET /lab': (lab) => ok(labOverview(lab)),
  'GET /certificates/*': certificate,
  'GET /registry': ({ cloud }) => registryRoutes.list(cloud.operator),
  'POST /registry/synchronize': ({ cloud }, request) => registryRoutes.synchronize(cloud.operator, request),
  'POST /registry/rotate': ({ cloud }, request) => registryRoutes.rotate(cloud.operator, request),
  'POST /registry/revoke': ({ cloud }, request) => registryRoutes.revoke(cloud.operator, request),
  'GET /secrets': (lab, { query }) => {
    const isRevealed = query.get('reveal') === 'true';
    return ok({ secrets: lab.secrets().map(({ value, ...secret }) => (isRevealed ? { ...secret, value } : secret)) });
  },
};

/** Answers an authenticated request. */
export function control(lab: Controlled, request: LocalRequest): ControlAnswer | Promise<ControlAnswer> {
  const key = `${request.method} ${patternOf(request.path)}`;
  if (isRouteKey(key)) return routes[key](lab, request);
  const methods = Object.keys(routes).filter((key) => key.split(' ')[1] === patternOf(request.path));
  if (methods.length > 0) return refusal(405, `expected ${methods.join(' or ')}`);
  return refusal(404, `there is no /${request.path.join('/')}; expected one of: ${Object.keys(routes).join(', ')}`);
}

function patternOf(path: readonly string[]): string {
  if (path.length === 2 && path[0] === 'faults') return '/faults/*';
  if (path.length === 3 && path[0] === 'consumer-groups') return '/consumer-groups/*';
  if (path.length === 2 && path[0] === 'certificates') return '/certificates/*';
  if (path[0] !== 'hubs') return `/${path.join('/')}`;
  return `/${path.map((segment, at) => (at % 2 === 0 ? segment : '*')).join('/')}`;
}

/** Returns the fields of a certificate, and its DER in base64. A lab that runs for weeks drops the oldest certificates. */
function certificate({ history: { certificates } }: Controlled, { path }: LocalRequest): JsonAnswer {
  const thumbprint = (path[1] ?? '').toUpperCase();
  const der = certificates.find(thumbprint);
  const read = der === undefined ? undefined : parseCertificate(der);
  if (read?.ok !== true)
    return refusal(404, `no decision refers to a certificate with the SHA-256 thumbprint "${path[1] ?? ''}"`);
  return ok(pageCertificate(read.value));
}

function ok(body: unknown): JsonAnswer {
  return { status: 200, body };
}

function clockState(clock: AdvancingClock): unknown {
  const now = clock.now();
  return { now: isoInstant(now), aheadBy: durationBetween(now - clock.leadMs, now) };
}

function advance(lab: Controlled, { body }: LocalRequest): JsonAnswer {
  const by: unknown = typeof body === 'object' && body !== null && 'by' in body ? body.by : undefined;
  if (typeof by !== 'string' || !isDuration(by))
    return refusal(400, 'expected an ISO 8601 duration, as in {"by":"P11M"}');
  const now = lab.clock.now();
  let target: number;
  try {
    target = addDuration(now, by);
  } catch {
    return refusal(400, `${by} from now is outside the calendar; choose a shorter duration`);
  }
  if (target < now) return refusal(400, 'expected a positive duration; the clock of a lab cannot go back');
  if (target > lastInstant) {
    return refusal(
      400,
      `${isoInstant(target)} is too late: the server certificates expire at the end of 2099; choose a shorter duration`,
    );
  }
  lab.clock.advance(target - now);
  lab.history.record({ kind: 'time-jumped', from: now, to: lab.clock.now() });
  lab.onAdvance();
  return ok(clockState(lab.clock));
}

/** The latest instant to which the clock can be advanced, because server certificates expire at the end of 2099. */
const lastInstant = 4_102_444_799_000;

function addFault({ cloud }: Controlled, { body }: LocalRequest): JsonAnswer {
  const parsed = labFaultSchema.safeParse(body);
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => mistakesOfIssue(issue, labFaultSchema, body, 'a fault'));
    return refusal(400, issues.map(({ message }) => message).join('; '));
  }
  return { status: 201, body: faultState(cloud.faults.add(faultRule(parsed.data, parsed.data.registrationId))) };
}

function faultState({ from, to, ...fault }: ActiveFault): unknown {
  return {
    ...fault,
    ...defined({
      from: from === undefined ? undefined : isoInstant(from),
      to: to === undefined ? undefined : isoInstant(to),
    }),
  };
}

/** Returns all events, or the events of one registration, the oldest first. A decision also has the ID of the failed check in `failed`. */
function history({ history: recorded, cloud }: Controlled, { query }: LocalRequest): JsonAnswer {
  const registrationId = query.get('registrationId');
  const events = recorded.events();
  const chosen = registrationId === null ? events : events.filter(isAbout(registrationId, cloud));
  return ok({
    ...defined({ registrationId: registrationId ?? undefined }),
    events: chosen.map(eventJson),
  });
}

/**
 * Returns a filter for the events of one registration. Events of a hub contain the device ID, which an individual enrollment may set to
 * another value than the registration ID.
 */
function isAbout(registrationId: string, cloud: Cloud): (event: HistoryEvent) => boolean {
  const key = registrationKey(registrationId);
  const deviceId = cloud.operator.enrollment(registrationId)?.deviceId;
  const matches = (name: string): boolean => registrationKey(name) === key || name === deviceId;
  return (event) => {
    switch (event.kind) {
      case 'decision':
      case 'deed':
        return matches(event.subject);
      case 'wire':
        return matches(event.from) || matches(event.to);
      case 'attempt-started':
      case 'attempt-ended':
      case 'quiet-visits':
        return matches(event.registrationId);
      case 'service-record':
        return matches(event.identity);
      case 'time-jumped':
        return true;
      case 'unit':
        return matches(event.device);
      case 'secret':
        return matches(event.place);
      case 'client-hello':
      case 'step-started':
      case 'step-ended':
      case 'asked-afar':
      case 'line-ended':
      case 'reconciled':
      case 'blast-radius':
      case 'drill':
      case 'fleet':
      case 'signals':
        return false;
    }
  };
}
