/** The listeners of a cloud, each with the port that the real services use. */
export const listenerPorts = { https: 443, mqtt: 8883, amqp: 5671 } as const;

export type ListenerName = keyof typeof listenerPorts;

/** A port for each listener. */
export type PortByListener = Readonly<Record<ListenerName, number>>;
