import type { DirectAccess, DirectCall } from '../core/cloud/direct-access.ts';
import { defined } from '../core/defined.ts';
import { connectDirectly } from './direct-hub-connection.ts';
import type { DeviceCall } from './dps/device-call.ts';
import type { ProvisioningService } from './dps/service.ts';
import type { Hub } from './hub/hub.ts';

/** Returns functions that call a service and its hubs without connections. */
export function directAccess(service: ProvisioningService, hubs: ReadonlyMap<string, Hub>): DirectAccess {
  return {
    register: (call, body) => service.register({ ...deviceCall(call), body }),
    poll: (call, operationId) => service.operationStatus(deviceCall(call), operationId),
    connectToHub: (login) => connectDirectly(hubs.get(login.hub), login),
  };
}

function deviceCall({
  idScope,
  registrationId,
  transport,
  apiVersion,
  token,
  certificates,
  from,
}: DirectCall): DeviceCall {
  const credentials = { certificates, ...defined({ token, from }) };
  return { idScope, registrationId, transport, apiVersion, credentials };
}
