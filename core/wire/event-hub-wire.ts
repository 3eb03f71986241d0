/** Host name of the Event Hubs-compatible endpoints of all hubs, in the form that the real service uses. */
export const eventHubNamespace = 'ihsuprod-rehearsal.servicebus.windows.net';

/** Path of AMQP over WebSocket for Event Hubs. The sub-protocol is the same as for IoT Hub. */
export const eventHubWebSocketPath = '/$servicebus/websocket';

/** Returns the Event Hub-compatible name of a hub: the first label of its host name. */
export function eventHubName(hubHost: string): string {
  return hubHost.split('.', 1)[0] ?? hubHost;
}
