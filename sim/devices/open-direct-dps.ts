import type { DirectAccess, DirectAnswer } from '../../core/cloud/direct-access.ts';
import { deviceApiVersion } from '../../core/wire/dps-wire.ts';
import { ConnectionClosed, ConnectionRefused, type DpsConnection } from '../transports/dps-connection.ts';
import type { Device } from './device.ts';

/** Returns the functions with which a device calls DPS without a connection. The device does not verify a server. */
export function openDirectDps(
  { transport, address: from }: Device,
  registrationId: string,
  idScope: string,
  direct: DirectAccess,
): DpsConnection {
  const call = (token: string | undefined) => ({
    idScope,
    registrationId,
    transport,
    apiVersion: deviceApiVersion,
    token,
    from,
  });
  return {
    // Over HTTPS, the register request is the first request of its connection, so a dropped connection counts as refused.
    register: async (body, token) =>
      received(await direct.register(call(token), body), transport === 'https' ? ConnectionRefused : ConnectionClosed),
    poll: async (operationId, token) => received(await direct.poll(call(token), operationId), ConnectionClosed),
    close: async () => {},
  };
}

function received(answer: DirectAnswer, Dropped: typeof ConnectionClosed): DirectAnswer {
  if (answer.dropped === true) throw new Dropped('the service closed the connection without an answer');
  return answer;
}
