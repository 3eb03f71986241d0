import { z } from 'zod';
import { updateScriptSchema } from '../../../sim/scenario/words/update-words.ts';
import { labFaultSchema } from '../../../sim/lab/schema.ts';

/** The description of a route of the control API. */
export interface RouteDescription {
  readonly summary: string;
  /** Names of the segments that `*` matches, in order. The last name takes the remaining segments of the path. */
  readonly parameters?: readonly string[];
  readonly query?: readonly string[];
  readonly body?: z.ZodType;
  /** Status of success. Default: 200. */
  readonly status?: number;
}

/** The bodies of the routes of the device registry. */
export const registryBodies = {
  namespace: z.strictObject({ namespace: z.string().meta({ description: 'Namespace of the device registry.' }) }),
  authority: z.strictObject({
    namespace: z.string().meta({ description: 'Namespace of the device registry.' }),
    certificateAuthority: z.string().meta({ description: 'Name of a Microsoft issuing CA in the namespace.' }),
  }),
  device: z.strictObject({
    deviceId: z.string().meta({ description: 'Device ID at the hub.' }),
    disable: z.boolean().default(false).meta({ description: 'True to disable the device too.' }),
  }),
} as const;

/** The routes by method and path; `*` matches one segment. The type of the route table requires an entry for each route. */
export const routeDescriptions = {
  'GET /clock': { summary: 'returns the time of the lab, and how far its clock is ahead of real time' },
  'POST /clock/advance': {
    summary: 'advances the clock by an ISO 8601 duration',
    body: z.strictObject({ by: z.string().meta({ description: 'ISO 8601 duration, such as P11M.' }) }),
  },
  'GET /faults': { summary: 'lists the active faults' },
  'POST /faults': { summary: 'injects a fault', body: labFaultSchema, status: 201 },
  'DELETE /faults': { summary: 'removes all faults' },
  'DELETE /faults/*': { summary: 'removes a fault', parameters: ['id'] },
  'GET /consumer-groups': { summary: 'lists the consumer groups of each hub' },
  'PUT /consumer-groups/*': { summary: 'creates a consumer group', parameters: ['hub', 'group'], status: 201 },
  'DELETE /consumer-groups/*': { summary: 'removes a consumer group with its readers', parameters: ['hub', 'group'] },
  'GET /hubs/*/authorities': { summary: 'lists the CAs of a hub', parameters: ['hub'] },
  'POST /hubs/*/authorities': {
    summary: 'adds a CA to a hub',
    parameters: ['hub'],
    body: z.strictObject({ certificate: z.string().meta({ description: 'PEM, or base64 of DER.' }) }),
    status: 201,
  },
  'DELETE /hubs/*/authorities/*': { summary: 'removes a CA from a hub', parameters: ['hub', 'thumbprint'] },
  'GET /updates': { summary: 'returns the answers of the update service, and the reports of devices' },
  'PUT /updates': { summary: 'sets the answers of the update service', body: updateScriptSchema },
  'DELETE /updates': { summary: 'removes the link to the update account; every request for an update then fails' },
  'POST /hubs/*/maintenance': {
    summary: 'ends all device connections of a hub and rejects new ones for a time, as an upgrade of the service does',
    parameters: ['hub'],
    body: z.strictObject({ for: z.string().meta({ description: 'ISO 8601 duration, such as PT30S.' }) }),
  },
  'GET /history': {
    summary: 'returns the messages and decisions of one registration or of all',
    query: ['registrationId'],
  },
  'GET /events': {
    summary:
      'sends the events of the lab as server-sent events; with the header Last-Event-ID, only those after this event',
  },
  'GET /lab': { summary: 'returns the enrollments, the hubs with twins and telemetry, and the TPMs' },
  'GET /certificates/*': {
    summary: 'returns a public certificate that decisions refer to, by its SHA-256 thumbprint',
    parameters: ['thumbprint'],
  },
  'GET /registry': {
    summary: 'returns the devices of the device registry, and its CAs with policies and state of synchronisation',
  },
  'POST /registry/synchronize': {
    summary: 'sends the CAs of a namespace to all hubs',
    body: registryBodies.namespace,
  },
  'POST /registry/rotate': {
    summary: 'revokes an issuing CA and gives it a new key',
    body: registryBodies.authority,
  },
  'POST /registry/revoke': {
    summary: 'revokes the certificates that were issued to a device',
    body: registryBodies.device,
  },
  'GET /secrets': {
    summary: 'returns every secret and its location; the values only with reveal=true',
    query: ['reveal'],
  },
  'GET /openapi.json': { summary: 'returns this description of the API' },
} as const satisfies Readonly<Record<string, RouteDescription>>;

export type RouteKey = keyof typeof routeDescriptions;

/** Returns true if the control API has a route with this method and path. */
export function isRouteKey(key: string): key is RouteKey {
  return Object.hasOwn(routeDescriptions, key);
}
