import type { MqttClient } from 'mqtt';

/** A message that a hub sent. */
interface Received {
  readonly topic: string;
  readonly text: string;
}

/** The messages of one subscription that the device has not read yet, oldest first. */
export class Inbox {
  readonly #messages: Received[] = [];

  /** @param filter topic filter that ends with `#`. */
  constructor(client: MqttClient, filter: string) {
    const prefix = filter.slice(0, -1);
    client.on('message', (topic, payload) => {
      if (topic.startsWith(prefix)) this.#messages.push({ topic, text: payload.toString('utf8') });
    });
  }

  /** Removes and returns the oldest message; undefined if the inbox is empty. */
  take(): Received | undefined {
    return this.#messages.shift();
  }
}
