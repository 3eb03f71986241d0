import type { setupServer } from 'msw/native';
import { freshKey } from '../../core/random.ts';

/** A simulated web service that belongs neither to the devices nor to the cloud. The service exists until the simulated world closes. */
export interface ThirdParty {
  /** `https://` and a host name that DNS cannot resolve. */
  readonly origin: string;
  readonly close: () => void;
}

/**
 * Answers the `fetch` calls of this process to a host name that DNS cannot resolve. Calls to other hosts go to the network. Sockets are not
 * intercepted, so devices and listeners are unaffected.
 * @param host host name, from `freshHost`.
 */
export function openThirdParty(host: string, respond: (request: Request) => Promise<Response>): ThirdParty {
  const { interception } = loaded;
  if (interception === undefined) throw new Error('a third party was opened before `loadInterception` had ended');
  if (parties.size === 0) interception.listen({ onUnhandledRequest: 'bypass' });
  parties.set(host, respond);
  return {
    origin: `https://${host}`,
    close: () => {
      if (parties.delete(host) && parties.size === 0) interception.close();
    },
  };
}

/**
 * Returns a unique host name (RFC 6761 6.4).
 * @param kind kind of service, as a part of the host name.
 */
export function freshHost(kind: string): string {
  return `${freshKey(20).toString('hex')}.${kind}.invalid`;
}

/**
 * Loads the library that intercepts `fetch` calls. The caller must await this before it opens a third party. Few scenarios have a third
 * party, and the library is a tenth of the code that a run loads.
 */
export async function loadInterception(): Promise<void> {
  if (loaded.interception !== undefined) return;
  const [{ http, passthrough }, { setupServer }] = await Promise.all([import('msw'), import('msw/native')]);
  loaded.interception ??= setupServer(
    http.all('*', ({ request }) => {
      const respond = parties.get(new URL(request.url).hostname);
      // A bug in `respond` must break the connection: an error response of the library would look like a response of the service.
      return respond === undefined ? passthrough() : respond(request).catch(() => Response.error());
    }),
  );
}

/** One interception serves all third parties of the process. */
const loaded: { interception?: ReturnType<typeof setupServer> } = {};

/** The open third parties of this process, by host name. */
const parties = new Map<string, (request: Request) => Promise<Response>>();
