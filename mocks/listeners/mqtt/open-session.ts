import type { Client, ConnectPacket } from 'aedes';
import type { FidelitySettings } from '../../../core/cloud/fidelity.ts';
import type { History } from '../../../core/history/history.ts';
import type { Transport } from '../../../core/history/events.ts';
import { recordUnknownUserName } from '../../dps/wire-rules/broken-rules.ts';
import type { Hub } from '../../hub/hub.ts';
import type { ConnectionCredentials } from '../../shared/credentials.ts';
import type { Services } from '../listener.ts';
import type { Probation } from '../shared/probation.ts';
import type { PersistentSubscription } from './aedes-client.ts';
import { DpsSession } from './dps/dps-session.ts';
import { HubSession } from './hub/hub-session.ts';
import { brokerKeepAlive } from './hub/keep-alive.ts';
import type { PacketIds } from './hub/packet-ids.ts';
import type { MqttSession, UserName } from './mqtt-session.ts';

/** A connection before its CONNECT. */
export interface Arrival {
  readonly credentials: ConnectionCredentials;
  readonly transport: Transport;
  readonly probation: Probation;
}

/** The parts of the listener that sessions share. */
export interface SessionParts {
  readonly services: Services;
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly history: History;
  readonly fidelity: FidelitySettings;
  readonly persistent: Map<string, readonly PersistentSubscription[]>;
  readonly packetIds: Map<string, PacketIds>;
}

/**
 * Opens the session for a CONNECT: the form of the user name selects the service. If the form is unknown, records the
 * refusal and returns undefined.
 */
export function openSession(
  client: Client,
  packet: ConnectPacket,
  { credentials: arrived, transport, probation }: Arrival,
  { services, hubs, history, fidelity, persistent, packetIds }: SessionParts,
): MqttSession | undefined {
  const user = parseUserName(packet.username ?? '');
  const token = packet.password?.toString();
  const credentials = token === undefined || token === '' ? arrived : { ...arrived, token };
  const givenClientId = packet.clientId;
  // Removes the last will from the packet, so that the broker does not publish it. DPS does not support a last will,
  // and a hub converts it to telemetry.
  const { will } = packet;
  delete packet.will;
  switch (user?.kind) {
    case 'dps':
      packet.clean = true;
      return new DpsSession(user, givenClientId, credentials, services.of(user.idScope), {
        history,
        fidelity,
        transport,
        probation,
      });
    case 'hub': {
      packet.keepalive = brokerKeepAlive(packet.keepalive ?? 0);
      const isClean = packet.clean !== false;
      const hub = hubs.get(user.host);
      return new HubSession({
        user,
        givenClientId,
        credentials,
        hub,
        client,
        isClean,
        will,
        history,
        transport,
        probation,
        fidelity,
        persistent,
        packetIds,
      });
    }
    case undefined: {
      const registrationId = givenClientId.slice(0, 128) || 'unknown';
      recordUnknownUserName({ history, registrationId, from: arrived.from }, packet.username);
      return undefined;
    }
  }
}

/**
 * Parses `{idScope}/registrations/{registrationId}/api-version=…[&ClientVersion=…]` (DPS) or
 * `{host}/{deviceId}[/{moduleId}]/?api-version=…[&model-id=…]` (hub). Removes the port, which some clients append to the host.
 */
function parseUserName(text: string): UserName | undefined {
  const [first = '', second = '', third = '', ...rest] = text.split('/');
  if (second === 'registrations' && first !== '' && third !== '') {
    // An ID with a slash is not valid, but its whole text becomes the ID here, so that the refusal can name it.
    const words = rest.findIndex((part) => part.includes('='));
    const restOfId = words === -1 ? rest : rest.slice(0, words);
    const query = words === -1 ? '' : rest.slice(words).join('/');
    const apiVersion = new URLSearchParams(query).get('api-version') ?? undefined;
    return { kind: 'dps', idScope: first, registrationId: [third, ...restOfId].join('/'), apiVersion };
  }
  const host = first.replace(/:\d+$/, '').toLowerCase();
  if (!host.includes('.') || second === '') return undefined;
  const isModule = third !== '' && !third.includes('=');
  const query = [isModule ? '' : third, ...rest].join('/').replace(/^\/?\??/, '');
  const words = new URLSearchParams(query);
  const apiVersion = words.get('api-version') ?? undefined;
  const modelId = words.get('model-id') ?? undefined;
  return { kind: 'hub', host, deviceId: second, moduleId: isModule ? third : undefined, apiVersion, modelId };
}
