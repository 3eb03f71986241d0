import { consumerGroupName } from '../../../sim/scenario/schema.ts';
import { hubHost } from '../../../sim/world/hub-host.ts';
import { type JsonAnswer, type LocalRequest, refusal } from '../../process/local-server.ts';
import type { Controlled } from './controlled.ts';

/** Returns the consumer groups of each hub, by the name of the hub. */
export function listConsumerGroups({ cloud }: Pick<Controlled, 'cloud'>): unknown {
  const hubs = [...cloud.hubAccess.keys()].map((host) => [
    host.split('.', 1)[0] ?? host,
    cloud.operator.consumerGroups(host) ?? [],
  ]);
  return { consumerGroups: Object.fromEntries(hubs) as unknown };
}

/** `PUT /consumer-groups/{hub}/{group}`: adds a consumer group, which users of the real service do in Azure Resource Manager. */
export function addConsumerGroup(lab: Controlled, { path }: LocalRequest): JsonAnswer {
  const [, hub = '', group = ''] = path;
  const groups = lab.cloud.operator.consumerGroups(hubHost(hub));
  if (groups === undefined) return noHub(lab, hub);
  const parsed = consumerGroupName.safeParse(group);
  if (!parsed.success) return refusal(400, parsed.error.issues.map(({ message }) => message).join('; '));
  const added = lab.cloud.operator.addConsumerGroup(hubHost(hub), group);
  return { status: added.ok ? 201 : 200, body: listConsumerGroups(lab) };
}

/** `DELETE /consumer-groups/{hub}/{group}`: removes a consumer group and disconnects its readers. */
export function removeConsumerGroup(lab: Controlled, { path }: LocalRequest): JsonAnswer {
  const [, hub = '', group = ''] = path;
  if (lab.cloud.operator.consumerGroups(hubHost(hub)) === undefined) return noHub(lab, hub);
  if (!lab.cloud.operator.removeConsumerGroup(hubHost(hub), group).ok) {
    return refusal(404, `${hub} has no consumer group "${group}" that can be removed; $Default always stays`);
  }
  return { status: 200, body: listConsumerGroups(lab) };
}

function noHub({ cloud }: Controlled, hub: string): JsonAnswer {
  const names = [...cloud.hubAccess.keys()].map((host) => host.split('.', 1)[0]).join(', ');
  return refusal(404, `there is no hub "${hub}"; expected one of ${names}`);
}
