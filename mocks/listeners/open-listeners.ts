import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:tls';
import type { ListenSettings } from '../../core/cloud/cloud.ts';
import type { PortByListener } from '../../core/wire/listener-ports.ts';
import type { Listener, ListenerContext, OpenListener } from './listener.ts';
import type { ServerIdentity } from './shared/server-identity.ts';
import { useIdentity } from './shared/tls.ts';

interface OpenListeners {
  readonly ports: PortByListener;
  /** Replaces the server certificate. New connections get the new one; open connections continue unchanged. */
  replaceIdentity(identity: ServerIdentity): void;
  /** Ends all connections and closes the ports. */
  close(): Promise<void>;
}

/**
 * Opens listeners on the ports of `listen`. If a port is not available, closes all listeners and rejects with the error of the
 * system (`code`, `address`, `port`).
 */
export async function openListeners(
  list: readonly Listener[],
  context: ListenerContext,
  listen: ListenSettings,
): Promise<OpenListeners> {
  const opened: { readonly name: Listener['name']; readonly listener: OpenListener; readonly cut: () => void }[] = [];
  for (const each of list) {
    const listener = await each.open(context);
    opened.push({ name: each.name, listener, cut: context.connections.watch(listener.server, each.name) });
  }
  const webSocketProtocols = opened.flatMap(({ listener }) => listener.inWebSocket ?? []);
  for (const { listener } of opened) listener.acceptWebSockets?.(webSocketProtocols);
  const close = async (): Promise<void> => {
    await Promise.all(
      opened.map(async ({ listener: { server, endSessions }, cut }) => {
        await endSessions?.();
        const closed = new Promise((done) => server.close(done));
        cut();
        await closed;
      }),
    );
  };
  try {
    const ports: Partial<Record<Listener['name'], number>> = {};
    for (const { name, listener } of opened) ports[name] = await listenOn(listener.server, listen.host, listen[name]);
    return {
      ports: ports as PortByListener,
      replaceIdentity: (identity) => {
        for (const { listener } of opened) useIdentity(listener.server, identity, context.clientTimeouts);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listenOn(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
