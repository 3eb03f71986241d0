import type { Client } from 'aedes';

/** A session as far as the one that takes its place has to know it. */
interface Replaceable {
  readonly clientId: string;
  /** A newer connection has the same client ID: this one is about to be ended [MQTT-3.1.4-2]. */
  takenOver?(): void;
}

/** The sessions that were let in, by client ID. The broker ends an older one without a word. */
export class LiveSessions {
  readonly #live = new Map<string, Replaceable>();

  /** Tells the older session of that client ID, if there is one, that this one takes its place. */
  add(session: Replaceable, client: Client): void {
    const { clientId } = session;
    this.#live.get(clientId)?.takenOver?.();
    this.#live.set(clientId, session);
    client.conn.once('close', () => {
      if (this.#live.get(clientId) === session) this.#live.delete(clientId);
    });
  }
}
