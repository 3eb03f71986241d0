import { updateApiVersions, type RegisterBody } from '../../../core/wire/dps-wire.ts';
import type { History } from '../../../core/history/history.ts';
import type { DpsCall, Opened } from '../dps-connection.ts';
import { HttpsExchange } from './https-exchange.ts';
import type { Peer } from '../peer.ts';

/** Opens a connection to DPS over HTTPS, which carries the register request and the status queries. */
export async function openHttpsDps(peer: Peer, call: DpsCall, history: History): Promise<Opened> {
  const exchange = await HttpsExchange.open(peer, history);
  if (exchange === undefined) return { kind: 'distrusted' };
  const path = `/${encodeURIComponent(call.idScope)}/registrations/${encodeURIComponent(call.registrationId)}`;
  const query = `?api-version=${call.apiVersion}`;
  const send = (method: string, where: string, body: unknown, token: string | undefined) =>
    exchange.send({ method, path: `${path}${where}${query}`, body, token });
  const post = (verb: string, body: object, token: string | undefined) =>
    exchange.send({ method: 'POST', path: `${path}/${verb}?api-version=${updateApiVersions[0]}`, body, token });
  return {
    kind: 'open',
    connection: {
      register: (body: RegisterBody, token) => send('PUT', '/register', body, token),
      poll: (operationId, token) => send('GET', `/operations/${encodeURIComponent(operationId)}`, undefined, token),
      requestUpdates: (body, token) => post('requestOnboardingUpdates', body, token),
      reportUpdate: (body, token) => post('reportUpdateStatus', body, token),
      close: async () => exchange.close(),
    },
  };
}
