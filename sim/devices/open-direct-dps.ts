import type { DirectAccess, DirectAnswer, DirectCall } from '../../core/cloud/direct-access.ts';
import { ConnectionClosed, ConnectionRefused, type DpsConnection } from '../transports/dps-connection.ts';

/** Returns the functions with which a device calls DPS without a connection. The device does not verify a server. */
export function openDirectDps(device: Omit<DirectCall, 'token'>, direct: DirectAccess): DpsConnection {
  const { transport } = device;
  const call = (token: string | undefined) => ({ ...device, token });
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
