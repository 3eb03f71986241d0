import { http, HttpResponse, passthrough } from 'msw';
import { setupServer } from 'msw/native';
import { freshKey } from '../../core/random.ts';

/** A service of somebody who is neither device nor cloud, as long as its world is played. */
export interface ThirdParty {
  /** `https://` and a host name that no name server knows. */
  readonly origin: string;
  readonly close: () => void;
}

/**
 * Stands in for a web service under a host name that no name server knows. While there is one, `fetch` of this process looks here first;
 * whatever is meant for another host goes on to the network. Sockets are left alone, so devices and doors never notice.
 *
 * @param host its name: see `freshHost`.
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

/** A name that nobody else has (RFC 6761 6.4). @param kind tells what stands there. */
export function freshHost(kind: string): string {
  return `${freshKey(20).toString('hex')}.${kind}.invalid`;
}

/** The third parties of this process, by host. */
const parties = new Map<string, (request: Request) => Promise<Response>>();

const interception = setupServer(
  http.all('*', ({ request }) => {
    const respond = parties.get(new URL(request.url).hostname);
    // A fault of ours is a connection that breaks off, and no answer of the library that looks like one of theirs.
    return respond === undefined ? passthrough() : respond(request).catch(() => HttpResponse.error());
  }),
);
