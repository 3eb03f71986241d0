/** Host of the namespace that holds the Event-Hub-compatible endpoints of all hubs, named as the real ones are. */
export const eventHubNamespace = 'ihsuprod-rehearsal.servicebus.windows.net';

/** Path at which Event Hubs speaks AMQP inside a WebSocket; the sub-protocol is the one of IoT Hub. */
export const eventHubWebSocketPath = '/$servicebus/websocket';

/** The Event-Hub-compatible name of a hub: the first label of its host. */
export function eventHubName(hubHost: string): string {
  return hubHost.split('.', 1)[0] ?? hubHost;
}
