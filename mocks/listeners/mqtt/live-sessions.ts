import type { Client } from 'aedes';
import { onceGone } from './leave-gently.ts';

/** The part of a session that the listener needs when a newer session replaces this session. */
interface Replaceable {
  readonly clientId: string;
  /** Records that a newer connection with the same client ID is about to end this connection [MQTT-3.1.4-2]. */
  takenOver?(): void;
}

/**
 * The accepted MQTT sessions, by client ID. Notifies a session when a newer session replaces it, because the broker
 * does not.
 */
export class LiveSessions {
  readonly #live = new Map<string, Replaceable>();

  /** Adds a session. Notifies the older session with the same client ID, if there is one. */
  add(session: Replaceable, client: Client): void {
    const { clientId } = session;
    this.#live.get(clientId)?.takenOver?.();
    this.#live.set(clientId, session);
    onceGone(client, () => {
      if (this.#live.get(clientId) === session) this.#live.delete(clientId);
    });
  }
}
