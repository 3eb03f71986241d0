import { createRequire } from 'node:module';
import { Agent } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import device from 'azure-iot-device';
import { Amqp as HubAmqp, AmqpWs as HubAmqpWs } from 'azure-iot-device-amqp';
import { Mqtt as HubMqtt, MqttWs as HubMqttWs } from 'azure-iot-device-mqtt';
import { ProvisioningDeviceClient, type RegistrationResult } from 'azure-iot-provisioning-device';
import type { Amqp } from 'azure-iot-provisioning-device-amqp';
import { Http } from 'azure-iot-provisioning-device-http';
import { Mqtt, MqttWs } from 'azure-iot-provisioning-device-mqtt';
import { SymmetricKeySecurityClient } from 'azure-iot-security-symmetric-key';
import type { TpmSecurityClient } from 'azure-iot-security-tpm';
import { TpmAuthenticationProvider } from 'azure-iot-security-tpm';
import { X509Security } from 'azure-iot-security-x509';
import type { Transport } from '../../core/history/events.ts';
import { globalEndpoint } from '../../core/wire/dps-wire.ts';
import { hub, type Lab } from './lab.ts';

/** Creates the security clients of the SDK as a firmware does. */
export const security = {
  symmetricKey: (registrationId: string, key: Buffer) =>
    new SymmetricKeySecurityClient(registrationId, key.toString('base64')),
  x509: (registrationId: string, cert: string, key: string) => new X509Security(registrationId, { cert, key }),
};

export type Security =
  | ReturnType<(typeof security)['symmetricKey']>
  | ReturnType<(typeof security)['x509']>
  | TpmSecurityClient;

interface RegisterSettings {
  /** ID scope of the request. Default: the ID scope of the lab. */
  readonly idScope?: string;
  /** Called for errors that the transport of the SDK emits in addition to the answer. Without a listener, they would end the process. */
  readonly onTransportError?: (error: Error) => void;
  /** The file from which Node resolves the AMQP transport. Default: a file of this repository. */
  readonly amqpFrom?: string;
}

/** Registers with a new client and a new transport, because a transport keeps the credentials of its first client. */
export async function register(
  lab: Lab,
  transport: Transport,
  client: Security,
  { idScope = lab.cloud.idScope, onTransportError, amqpFrom = import.meta.url }: RegisterSettings = {},
): Promise<RegistrationResult> {
  const [host, way] = ways[transport](lab, amqpFrom);
  if (onTransportError !== undefined) (way as unknown as NodeJS.EventEmitter).on('error', onTransportError);
  // Two packages contain copies of one library. The types of the copies differ in private members only.
  const shown = client as unknown as Parameters<typeof ProvisioningDeviceClient.create>[3];
  const sdk = ProvisioningDeviceClient.create(host, idScope, way, shown);
  return new Promise((done, fail) => {
    void sdk.register((error, result) => {
      if (error) fail(error);
      else if (result) done(result);
    });
  });
}

type Way = Parameters<typeof ProvisioningDeviceClient.create>[2];

/** For each transport, the host that the client calls, and the transport object. Over HTTPS and WebSockets the SDK always uses port 443. */
const ways: Readonly<Record<Transport, (lab: Lab, amqpFrom: string) => [string, Way]>> = {
  mqtt: (lab) => [`localhost:${lab.cloud.ports.mqtt}`, mqttTransport(Mqtt, { ca: lab.ca })],
  https: (lab) => [globalEndpoint, httpTransport(lab)],
  amqp: (lab, from) => [`localhost:${lab.cloud.ports.amqp}`, amqpTransport('Amqp', from, { ca: lab.ca })],
  'mqtt-ws': (lab) => [
    globalEndpoint,
    mqttTransport(MqttWs, { mqtt: { webSocketAgent: new ToLab(lab, globalEndpoint) } }),
  ],
  'amqp-ws': (lab, from) => [globalEndpoint, amqpTransport('AmqpWs', from, { agent: new ToLab(lab, globalEndpoint) })],
};

/** Creates an MQTT transport. Its base object gets the trusted root and the agent. */
function mqttTransport(Transport: typeof Mqtt, options: object): Mqtt {
  const require = createRequire(createRequire(import.meta.url).resolve('azure-iot-provisioning-device-mqtt'));
  const { MqttBase } = require('azure-iot-mqtt-base') as { MqttBase: new () => { setOptions(options: object): void } };
  const base = new MqttBase();
  base.setOptions(options);
  return new (Transport as unknown as new (base: object) => Mqtt)(base);
}

/**
 * Creates an AMQP transport. The base class of the SDK accepts no TLS options, so a subclass adds the trusted root and the address at each
 * connect.
 */
function amqpTransport(name: 'Amqp' | 'AmqpWs', from: string, options: object): Amqp {
  const home = createRequire(from).resolve('azure-iot-provisioning-device-amqp');
  const require = createRequire(home);
  const transports = require(home) as Record<typeof name, new (base: object) => Amqp>;
  const { Amqp: Base } = require('azure-iot-amqp-base') as { Amqp: new (settles: boolean) => AmqpBase };
  class Furnished extends Base {
    override connect(config: AmqpConfig, done: unknown): void {
      super.connect({ ...config, sslOptions: { ...config.sslOptions, ...options } }, done);
    }
  }
  return new transports[name](new Furnished(true));
}

interface AmqpConfig {
  readonly sslOptions?: object;
}

interface AmqpBase {
  connect(config: AmqpConfig, done: unknown): void;
}

/**
 * Creates an HTTPS transport. The SDK always uses port 443, so an agent redirects the request to the mock under the name of the service.
 */
function httpTransport(lab: Lab): Http {
  const require = createRequire(createRequire(import.meta.url).resolve('azure-iot-provisioning-device-http'));
  const { Http: Base } = require('azure-iot-http-base') as { Http: new () => { setOptions(options: object): void } };
  const base = new Base();
  base.setOptions({ http: { agent: new ToLab(lab, globalEndpoint) } });
  return new (Http as unknown as new (base: object) => Http)(base);
}

/** An agent that redirects a client to the lab under the requested host name. Such a client always uses port 443. */
export class ToLab extends Agent {
  readonly #lab: Lab;
  readonly #servername: string;

  constructor(lab: Lab, servername: string) {
    super({ keepAlive: false });
    this.#lab = lab;
    this.#servername = servername;
  }

  override createConnection(options: { readonly host?: string }): TLSSocket {
    return connect({
      ...options,
      host: '127.0.0.1',
      port: this.#lab.cloud.ports.https,
      servername: this.#servername,
      ca: this.#lab.ca,
    });
  }
}

/** The credentials of a device for the hub. */
export type HubCredential =
  | { readonly key: Buffer }
  | { readonly cert: string; readonly privateKey: string }
  | { readonly tpm: TpmSecurityClient };

/** Connects to the assigned hub with the device SDK and sends a message. Resolves when the hub has acknowledged the message. */
export async function sendTelemetry(lab: Lab, deviceId: string, credential: HubCredential): Promise<void> {
  await atHub(lab, 'mqtt', deviceId, credential, () => Promise.resolve());
}

/** Connects to the assigned hub, sends a message, and then reads the twin of the device over the same connection. */
export async function visitHub(
  lab: Lab,
  transport: Transport,
  deviceId: string,
  credential: HubCredential,
): Promise<TwinSeen> {
  // The HTTPS transport has no twins.
  const way = transport === 'https' ? 'mqtt' : transport;
  return atHub(lab, way, deviceId, credential, async (client) => {
    const { properties } = await client.getTwin();
    // The SDK stores functions beside the properties, and JSON removes them.
    return JSON.parse(JSON.stringify(properties)) as TwinSeen;
  });
}

/** The properties of a twin as a device reads them. */
export interface TwinSeen {
  readonly desired: Readonly<Record<string, unknown>>;
  readonly reported: Readonly<Record<string, unknown>>;
}

/** Connects to the assigned hub with the device SDK, sends a message, and calls `act` with the same connection. */
export async function atHub<Seen>(
  lab: Lab,
  way: Exclude<Transport, 'https'>,
  deviceId: string,
  credential: HubCredential,
  act: (client: device.Client) => Promise<Seen>,
): Promise<Seen> {
  // In a WebSocket the SDK always uses port 443, so an agent redirects it. Otherwise the SDK uses the mock as its gateway.
  const port = way === 'mqtt' || way === 'amqp' ? lab.cloud.ports[way] : undefined;
  const gateway = port === undefined ? {} : { gatewayHostName: `localhost:${port}` };
  const provider = providerFor({ deviceId, host: hub, ...gateway }, credential);
  const client = device.Client.fromAuthenticationProvider(provider, hubTransports[way]);
  const webSocketAgent = new ToLab(lab, hub);
  await client.setOptions({
    ca: lab.ca,
    ...(port === undefined && { mqtt: { webSocketAgent }, amqp: { webSocketAgent } }),
  });
  try {
    await client.open();
    await client.sendEvent(new device.Message('{"hello":1}'));
    return await act(client);
  } finally {
    await client.close();
  }
}

const hubTransports = { mqtt: HubMqtt, 'mqtt-ws': HubMqttWs, amqp: HubAmqp, 'amqp-ws': HubAmqpWs } as const;

interface HubPlace {
  readonly deviceId: string;
  readonly host: string;
  readonly gatewayHostName?: string;
}

/** Creates the token provider of the SDK. With the mock as gateway, user name and token still contain the real name of the hub. */
function providerFor(place: HubPlace, credential: HubCredential) {
  if ('tpm' in credential) return new TpmAuthenticationProvider(place, credential.tpm);
  if ('cert' in credential) {
    return new device.X509AuthenticationProvider({
      ...place,
      x509: { cert: credential.cert, key: credential.privateKey },
    });
  }
  const key = credential.key.toString('base64');
  const parts = [`HostName=${place.host}`, `DeviceId=${place.deviceId}`, `SharedAccessKey=${key}`];
  const gateway = place.gatewayHostName === undefined ? [] : [`GatewayHostName=${place.gatewayHostName}`];
  return device.SharedAccessKeyAuthenticationProvider.fromConnectionString([...parts, ...gateway].join(';'));
}

/** Returns a failure as the SDK reports it: the class of the error and the message of the service. */
export async function failureOf(
  attempt: Promise<unknown>,
): Promise<{ readonly name: string; readonly message: string; readonly said: unknown }> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (typeof error !== 'object' || error === null)
    throw new Error('the SDK succeeded where it should have been refused');
  // Over AMQP the SDK returns the rejection object of its AMQP library, which is not an Error.
  if (!(error instanceof Error)) return { name: conditionOf(error), message: '', said: wordsIn(error) };
  return { name: error.name, message: error.message, said: wordsIn(error) };
}

function conditionOf(error: object): string {
  return 'condition' in error ? String(error.condition) : 'no condition';
}

/** Returns the answer of the service in an error. Over MQTT the SDK stores it as an object, over HTTPS and AMQP as text. */
function wordsIn(error: object): unknown {
  if ('responseBody' in error && typeof error.responseBody === 'string') return JSON.parse(error.responseBody);
  if ('description' in error && typeof error.description === 'string') return JSON.parse(error.description);
  return 'result' in error ? error.result : undefined;
}
