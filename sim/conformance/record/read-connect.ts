import type { IConnectPacket } from 'mqtt-packet';
import type { Connect } from '../../../core/conformance/wire-event.ts';
import { defined } from '../../../core/defined.ts';
import type { Transport } from '../../../core/history/events.ts';
import { tokenFacts } from './token-facts.ts';

/** Returns the facts of a CONNECT packet. @param keys the raw keys of the device. */
export function readConnect(packet: IConnectPacket, transport: Transport, keys: readonly Uint8Array[]): Connect {
  const userName = packet.username ?? '';
  const password = packet.password?.toString('utf8');
  const token = tokenFacts(password, keys);
  return {
    ...userNameParts(userName),
    transport,
    level: packet.protocolVersion ?? 4,
    clientId: packet.clientId,
    userName,
    clean: packet.clean ?? true,
    keepAliveSeconds: packet.keepalive ?? 0,
    password: password === undefined ? 'absent' : passwordKind(password, token !== undefined),
    ...defined({ token }),
    hasWill: packet.will !== undefined,
  };
}

function passwordKind(password: string, isToken: boolean): Connect['password'] {
  if (password === '') return 'empty';
  return isToken ? 'token' : 'other';
}

type UserNameParts = Pick<Connect, 'service' | 'host' | 'identity' | 'module' | 'apiVersion'>;

/**
 * Reads `{idScope}/registrations/{registrationId}/api-version=…` (DPS) or `{host}/{deviceId}[/{moduleId}]/?api-version=…` (hub). The hub
 * ignores the case of the host name. This function keeps the case, because a conformance statement checks it.
 */
function userNameParts(userName: string): UserNameParts {
  const [first = '', second = '', third = '', ...rest] = userName.split('/');
  const apiVersion = /(?:^|[/?&])api-version=([^&/]*)/.exec(userName)?.[1];
  if (second === 'registrations') {
    const words = rest.findIndex((part) => part.includes('='));
    const more = words === -1 ? rest : rest.slice(0, words);
    return { service: 'dps', identity: [third, ...more].join('/'), ...defined({ apiVersion }) };
  }
  if (!first.includes('.') || second === '') return { service: 'unknown', ...defined({ apiVersion }) };
  const isModule = third !== '' && !third.includes('=') && !third.startsWith('?');
  return {
    service: 'hub',
    host: first.replace(/:\d+$/, ''),
    identity: second,
    ...defined({ module: isModule ? third : undefined, apiVersion }),
  };
}
