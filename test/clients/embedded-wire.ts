/** The packets of a client for embedded devices, taken from the sources and documentation of the client. */
export interface EmbeddedClient {
  readonly name: string;
  /** Key name in the DPS token of the client. Default: none. */
  readonly dpsKeyName?: string;
  /** The part of the DPS user name after the registration ID. */
  readonly dpsQuery: string;
  /** Returns the body of the register message. */
  readonly registerBody: (id: string) => string;
  readonly pollBody: string;
  /** True if the client sends SUBSCRIBE and the register message without waiting for the SUBACK. */
  readonly isHasty?: boolean;
  /** QoS of the messages that the client publishes. */
  readonly qos: 0 | 1;
  readonly clean: boolean;
  readonly keepalive: number;
  /** The part of the hub user name after the device ID. */
  readonly hubQuery: string;
  readonly filters: (id: string) => readonly string[];
  /** True if the client subscribes to each filter in a separate packet; false if it uses one packet for all. */
  readonly isOneByOne: boolean;
  readonly twinGet: string;
}

const documented = (id: string): readonly string[] => [
  `devices/${id}/messages/devicebound/#`,
  '$iothub/methods/POST/#',
  '$iothub/twin/res/#',
  '$iothub/twin/PATCH/properties/desired/#',
];

const anyDevice = (): readonly string[] => [
  'devices/+/messages/devicebound/#',
  '$iothub/methods/POST/#',
  '$iothub/twin/res/#',
  '$iothub/twin/PATCH/properties/desired/#',
];

/** Clients that no package registry offers, so that CI cannot install them. All other clients run as real programs. */
export const embeddedClients: readonly EmbeddedClient[] = [
  {
    name: 'Azure IoT middleware for FreeRTOS',
    dpsQuery: '/api-version=2019-03-31&ClientVersion=c%2F1.2.0',
    registerBody: (id) => `{"registrationId":"${id}"}`,
    pollBody: '{}',
    qos: 0,
    clean: true,
    keepalive: 240,
    hubQuery:
      '/?api-version=2020-09-30&DeviceClientType=c%2F1.2.0%28FreeRTOS%29&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1',
    filters: anyDevice,
    isOneByOne: true,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
  {
    name: 'Azure SDK for C on Arduino and ESP',
    dpsQuery: '/api-version=2019-03-31&ClientVersion=azsdk-c%2F1.3.0',
    registerBody: (id) => `{"registrationId":"${id}","payload":{"modelId":"dtmi:com:example:Thermostat;1"}}`,
    pollBody: '',
    qos: 1,
    clean: true,
    keepalive: 30,
    hubQuery:
      '/?api-version=2020-09-30&DeviceClientType=c%2F1.3.0%28ard%3Besp32%29&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1',
    filters: anyDevice,
    isOneByOne: true,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
  {
    name: 'NetX Duo Azure IoT',
    dpsKeyName: 'registration',
    dpsQuery: '/api-version=2019-03-31&ClientVersion=azure-rtos%2F6.1',
    registerBody: (id) => `{"registrationId" : "${id}"}`,
    pollBody: '',
    isHasty: true,
    qos: 1,
    clean: true,
    keepalive: 300,
    hubQuery:
      '/?api-version=2020-09-30&DeviceClientType=c%2F1.0.0%28nx%206.1%3Bazrtos%206.1%29&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1',
    filters: documented,
    isOneByOne: true,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
  {
    name: 'nRF Connect SDK (Zephyr)',
    dpsQuery: '/api-version=2019-03-31',
    registerBody: () => '',
    pollBody: '',
    qos: 1,
    clean: false,
    keepalive: 60,
    hubQuery:
      '/?api-version=2020-09-30&DeviceClientType=azsdk-c%2F1.3.0&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1',
    filters: documented,
    isOneByOne: false,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
  {
    name: 'nanoFramework.Azure.Devices.Client',
    dpsQuery: '/api-version=2019-03-31&ClientVersion=nano%2F1.0',
    registerBody: (id) => `{"registrationId":"${id}"}`,
    pollBody: '{}',
    qos: 1,
    clean: false,
    keepalive: 60,
    hubQuery: '/?api-version=2021-04-12&model-id=dtmi%3Acom%3Aexample%3AThermostat%3B1',
    filters: (id) => [`devices/${id}/messages/devicebound/#`, '$iothub/twin/#', '$iothub/methods/POST/#'],
    isOneByOne: false,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
  {
    name: 'iotc for MicroPython',
    dpsQuery: '/api-version=2019-03-31',
    registerBody: (id) => `{"registrationId":"${id}"}`,
    pollBody: '{}',
    qos: 1,
    clean: true,
    keepalive: 1200,
    hubQuery: '/?api-version=2019-03-30&model-id=dtmi:com:example:Thermostat;1',
    filters: (id) => [
      `devices/${id}/messages/devicebound/#`,
      '$iothub/methods/#',
      '$iothub/twin/res/#',
      '$iothub/twin/PATCH/properties/desired/#',
    ],
    isOneByOne: true,
    twinGet: '$iothub/twin/GET/?$rid=',
  },
];
