/** Host of the namespace of the Event Hubs-compatible endpoints of all hubs, in the form of the real service. */
export const eventHubNamespace = 'ihsuprod-rehearsal.servicebus.windows.net';

/** Path of AMQP inside a WebSocket for Event Hubs. The sub-protocol is that of IoT Hub. */
export const eventHubWebSocketPath = '/$servicebus/websocket';

/** Returns the Event Hub-compatible name of a hub: the first label of its host. */
export function eventHubName(hubHost: string): string {
  return hubHost.split('.', 1)[0] ?? hubHost;
}
