import { createRequire } from 'node:module';
import device from 'azure-iot-device';
import { Amqp as HubAmqp, AmqpWs as HubAmqpWs } from 'azure-iot-device-amqp';
import { Http as HubHttp } from 'azure-iot-device-http';
import { Mqtt as HubMqtt, MqttWs as HubMqttWs } from 'azure-iot-device-mqtt';
import iothub from 'azure-iothub';
import { Http as HttpBase } from 'azure-iot-http-base';
import { systemClock } from '../../core/time/clock.ts';
import { ToLab } from './clients.ts';
import { hub, type Lab } from './lab.ts';

/** The part of the REST client of the SDK that tests use. */
interface HasRestClient {
  readonly _restApiClient: { setOptions(options: object): void };
}

/** Returns the connection string of the owner policy of the hub. */
function connectionString(lab: Lab): string {
  const access = lab.cloud.hubAccess.get(hub);
  if (access === undefined) throw new Error(`the lab has no hub ${hub}`);
  return `HostName=${hub};SharedAccessKeyName=${access.policyName};SharedAccessKey=${access.key}`;
}

/** Creates the registry client of the Node SDK. An agent redirects it to the lab under the name of the hub. */
export function openRegistry(lab: Lab, text = connectionString(lab)): iothub.Registry {
  const registry = iothub.Registry.fromConnectionString(text);
  (registry as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, hub) } });
  return registry;
}

/** Creates the job client of the Node SDK. */
export function openJobClient(lab: Lab): iothub.JobClient {
  const client = iothub.JobClient.fromConnectionString(connectionString(lab));
  (client as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, hub) } });
  return client;
}

/** Creates the service client of the Node SDK for calls over HTTPS. */
export function openServiceClient(lab: Lab): iothub.Client {
  const client = iothub.Client.fromConnectionString(connectionString(lab));
  (client as unknown as HasRestClient)._restApiClient.setOptions({ http: { agent: new ToLab(lab, hub) } });
  return client;
}

/** Connects the device client of the Node SDK over MQTT, with the lab as its gateway. */
export async function openDevice(lab: Lab, deviceId: string, key: string): Promise<device.Client> {
  const parts = [`HostName=${hub}`, `DeviceId=${deviceId}`, `SharedAccessKey=${key}`];
  const gateway = `GatewayHostName=localhost:${lab.cloud.ports.mqtt}`;
  const client = device.Client.fromConnectionString([...parts, gateway].join(';'), HubMqtt);
  await client.setOptions({ ca: lab.ca });
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  await client.open();
  return client;
}

/** Creates the device client of the Node SDK over HTTPS, which always uses port 443. */
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

/** The credentials of a device over AMQP. */
export type AmqpCredential = { readonly key: string } | { readonly cert: string; readonly privateKey: string };

/** Connects the device client of the Node SDK over AMQP, with the lab as its gateway, or over WebSockets, which always use port 443. */
export async function openAmqpDevice(
  lab: Lab,
  way: 'amqp' | 'amqp-ws',
  deviceId: string,
  credential: AmqpCredential,
): Promise<device.Client> {
  const gateway = way === 'amqp' ? { gatewayHostName: `localhost:${lab.cloud.ports.amqp}` } : {};
  const client = device.Client.fromAuthenticationProvider(
    amqpProvider({ deviceId, host: hub, ...gateway }, credential),
    way === 'amqp' ? HubAmqp : HubAmqpWs,
  );
  await client.setOptions({ ca: lab.ca, amqp: { webSocketAgent: new ToLab(lab, hub) } });
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  await client.open();
  return client;
}

function amqpProvider(
  place: { readonly deviceId: string; readonly host: string; readonly gatewayHostName?: string },
  credential: AmqpCredential,
) {
  if ('cert' in credential) {
    const x509 = { cert: credential.cert, key: credential.privateKey };
    return new device.X509AuthenticationProvider({ ...place, x509 });
  }
  const gateway = place.gatewayHostName === undefined ? '' : `;GatewayHostName=${place.gatewayHostName}`;
  return device.SharedAccessKeyAuthenticationProvider.fromConnectionString(
    `HostName=${place.host};DeviceId=${place.deviceId};SharedAccessKey=${credential.key}${gateway}`,
  );
}

/** Connects the service client of the Node SDK over AMQP. An option of its base class sets the address of the hub. */
export function openAmqpServiceClient(lab: Lab, policyName?: string, key?: string): Promise<iothub.Client> {
  const access = lab.cloud.hubAccess.get(hub);
  const sign = createRequire(import.meta.url)('azure-iothub/dist/common-core/shared_access_signature') as {
    SharedAccessSignature: { create(host: string, name: string, key: string, expiry: number): object };
  };
  const [name, secret] = [policyName ?? access?.policyName ?? '', key ?? access?.key ?? ''];
  const inAnHour = Math.ceil(systemClock.now() / 1000) + 3600;
  const sharedAccessSignature = sign.SharedAccessSignature.create(hub, name, secret, inAnHour);
  return openAmqpServiceClientWith(lab, { host: hub, keyName: name, sharedAccessSignature });
}

/** Connects the service client of the Node SDK over AMQP with a shared access signature or a token credential. */
export async function openAmqpServiceClientWith(lab: Lab, config: object): Promise<iothub.Client> {
  const { Amqp: Base } = createRequire(import.meta.url)('azure-iothub/dist/common-amqp/amqp') as {
    Amqp: new (settles: boolean) => { connect(config: object, done: unknown): void };
  };
  const { Amqp } = createRequire(import.meta.url)('azure-iothub/dist/amqp') as {
    Amqp: new (config: object, base: object) => ConstructorParameters<typeof iothub.Client>[0];
  };
  class Furnished extends Base {
    override connect(config: object, done: unknown): void {
      const policyOverride = { host: 'localhost', port: lab.cloud.ports.amqp, servername: 'localhost', ca: lab.ca };
      super.connect({ ...config, policyOverride }, done);
    }
  }
  const transport = new Amqp(config, new Furnished(true));
  const client = new iothub.Client(transport);
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  await client.open();
  return client;
}

/** Updates the reported properties of a twin with the device client of the Node SDK. */
export function updateReported(twin: device.Twin, patch: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const reported = twin.properties.reported as unknown as {
      update(patch: object, done: (error: Error | null) => void): void;
    };
    reported.update(patch, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

const moduleTransports = { mqtt: HubMqtt, 'mqtt-ws': HubMqttWs, amqp: HubAmqp, 'amqp-ws': HubAmqpWs } as const;

/** A transport of the Node SDK. WebSockets always use port 443. */
export type ModuleTransport = keyof typeof moduleTransports;

/** Connects the module client of the Node SDK, which supports keys only, with the lab as its gateway. */
export async function openModule(
  lab: Lab,
  way: ModuleTransport,
  { deviceId, moduleId, key }: { readonly deviceId: string; readonly moduleId: string; readonly key: string },
): Promise<device.ModuleClient> {
  const port = way === 'mqtt' ? lab.cloud.ports.mqtt : lab.cloud.ports.amqp;
  const parts = [`HostName=${hub}`, `DeviceId=${deviceId}`, `ModuleId=${moduleId}`, `SharedAccessKey=${key}`];
  const gateway = way === 'mqtt' || way === 'amqp' ? [`GatewayHostName=localhost:${port}`] : [];
  const client = device.ModuleClient.fromConnectionString([...parts, ...gateway].join(';'), moduleTransports[way]);
  const agent = new ToLab(lab, hub);
  await client.setOptions({ ca: lab.ca, mqtt: { webSocketAgent: agent }, amqp: { webSocketAgent: agent } });
  client.setRetryPolicy({ shouldRetry: () => false, nextRetryTimeout: () => 0 });
  await client.open();
  return client;
}
