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
    sendToHub: ({ hub: host, deviceId, token, certificates, from, text }) => {
      const hub = hubs.get(host);
      if (hub === undefined) return `no host ${host}`;
      const admission = hub.admits(deviceId, { certificates, ...defined({ token, from }) });
      if (admission === undefined) return `${host} rejects the device`;
      const problem = hub.receive(admission, { body: Buffer.from(text), properties: new Map() });
      return problem === undefined ? undefined : `${host} rejects the message`;
    },
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
