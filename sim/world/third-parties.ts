import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/native';
import { freshKey } from '../../core/random.ts';

/** A simulated web service that belongs neither to the devices nor to the cloud. It exists while its world is open. */
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

/** The open third parties of this process, by host name. */
const parties = new Map<string, (request: Request) => Promise<Response>>();

const interception = setupServer(
  http.all('*', ({ request }) => {
    const respond = parties.get(new URL(request.url).hostname);
    // A bug in `respond` must break the connection: an error response of the library would look like a response of the service.
    return respond === undefined ? passthrough() : respond(request).catch(() => HttpResponse.error());
  }),
);
