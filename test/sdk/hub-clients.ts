import device from 'azure-iot-device';
import { Http as HubHttp } from 'azure-iot-device-http';
import { Mqtt as HubMqtt } from 'azure-iot-device-mqtt';
import iothub from 'azure-iothub';
import { Http as HttpBase } from 'azure-iot-http-base';
import { ToLab } from './clients.ts';
import { hub, type Lab } from './lab.ts';

/** What the SDK's own REST client offers for tests. */
interface HasRestClient {
  readonly _restApiClient: { setOptions(options: object): void };
}

/** How the owner of the hub calls it. */
function connectionString(lab: Lab): string {
  const access = lab.cloud.hubAccess.get(hub);
  if (access === undefined) throw new Error(`${hub} is no hub of the lab`);
  return `HostName=${hub};SharedAccessKeyName=${access.policyName};SharedAccessKey=${access.key}`;
}

/** Microsoft's registry client; an agent leads it to the lab, under the name of the hub. */
export function openRegistry(lab: Lab, text = connectionString(lab)): iothub.Registry {
  const registry = iothub.Registry.fromConnectionString(text);
  (registry as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, hub) } });
  return registry;
}

/** Microsoft's service client, for its calls over HTTPS. */
export function openServiceClient(lab: Lab): iothub.Client {
  const client = iothub.Client.fromConnectionString(connectionString(lab));
  (client as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, hub) } });
  return client;
}

/** Microsoft's device client over MQTT, with the lab as its gateway. */
export async function openDevice(lab: Lab, deviceId: string, key: string): Promise<device.Client> {
  const parts = [`HostName=${hub}`, `DeviceId=${deviceId}`, `SharedAccessKey=${key}`];
  const gateway = `GatewayHostName=localhost:${lab.cloud.ports.mqtt}`;
  const client = device.Client.fromConnectionString([...parts, gateway].join(';'), HubMqtt);
  await client.setOptions({ ca: lab.ca });
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  await client.open();
  return client;
}

/** Microsoft's device client over HTTPS, which takes port 443 for granted. */
export function openHttpDevice(lab: Lab, deviceId: string, key: string): device.Client {
  const provider = device.SharedAccessKeyAuthenticationProvider.fromConnectionString(
    `HostName=${hub};DeviceId=${deviceId};SharedAccessKey=${key}`,
  );
  const base = new HttpBase();
  base.setOptions({ http: { agent: new ToLab(lab, hub) } });
  const transport = new (HubHttp as unknown as TransportClass)(provider, base);
  return new device.Client(transport);
}

type TransportClass = new (auth: object, base: object) => ConstructorParameters<typeof device.Client>[0];
