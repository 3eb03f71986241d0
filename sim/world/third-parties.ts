import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/native';
import { freshKey } from '../../core/random.ts';

/** A web service that belongs neither to the devices nor to the cloud. It exists while its world is open. */
export interface ThirdParty {
  /** `https://` and a host name that no name server knows. */
  readonly origin: string;
  readonly close: () => void;
}

/**
 * Answers `fetch` calls of this process to a host name that no name server knows. Calls to other hosts go to the network. Sockets
 * are not intercepted, so devices and listeners are unaffected.
 *
 * @param host its name, from `freshHost`.
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

/** Returns a unique host name (RFC 6761 6.4). @param kind part of the name that says which service it is. */
export function freshHost(kind: string): string {
  return `${freshKey(20).toString('hex')}.${kind}.invalid`;
}

/** The third parties of this process, by host. */
const parties = new Map<string, (request: Request) => Promise<Response>>();

const interception = setupServer(
  http.all('*', ({ request }) => {
    const respond = parties.get(new URL(request.url).hostname);
    // A bug in our code breaks the connection. An answer of the library would look like one of the service.
    return respond === undefined ? passthrough() : respond(request).catch(() => HttpResponse.error());
  }),
);
