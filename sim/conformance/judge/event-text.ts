import type { TokenFacts, WireEvent } from '../../../core/conformance/wire-event.ts';
import { isoInstant } from '../../../core/time/clock.ts';

/** Describes an event in one line, with its time since the start of the lab. */
export function eventText(event: WireEvent): string {
  return `${(event.at / 1000).toFixed(3).padStart(8)} s  ${sentenceOf(event)}`;
}

function sentenceOf(event: WireEvent): string {
  switch (event.kind) {
    case 'started':
      return `the runner starts the client (boot ${event.boot})`;
    case 'ended':
      return event.byRunner ? `the runner ends the client: ${event.how}` : `the client ends: ${event.how}`;
    case 'act':
      return event.act;
    case 'opened':
      return `#${event.connection} ${event.transport} handshake: ${event.version} ${event.suite}, server name ${event.serverName ?? 'none'}, client chain [${event.chain.map(({ subject }) => subject).join(' | ')}]`;
    case 'hello':
      return `ClientHello for ${event.serverName ?? 'no server name'}: ${event.versions.join(', ')}; ${event.suites.join(' ')}`;
    case 'handshake-failed':
      return `a handshake fails: ${event.reason}`;
    case 'closed':
      return `#${event.connection} closed`;
    case 'bytes':
      return `#${event.connection} the client sends bytes of AMQP`;
    case 'unreadable':
      return `#${event.connection} unreadable: ${event.reason}`;
    case 'http':
      return `#${event.connection} ${event.method} ${event.host}${event.path} (${event.bytes} bytes)${tokenText(event.token)} → ${event.status}`;
    case 'dps-request':
    case 'dps-answer':
      return dpsText(event);
    case 'connect':
    case 'connack':
    case 'subscribe':
    case 'publish':
    case 'puback':
    case 'disconnect':
      return mqttText(event);
  }
}

type Mqtt = Extract<WireEvent, { kind: 'connect' | 'connack' | 'subscribe' | 'publish' | 'puback' | 'disconnect' }>;

function mqttText(event: Mqtt): string {
  const head = `#${event.connection}`;
  switch (event.kind) {
    case 'connect':
      return `${head} CONNECT level ${event.level}, client ID ${event.clientId}, user name ${event.userName}, password ${event.password}${tokenText(event.token)}, clean session ${event.clean ? 1 : 0}, keep-alive ${event.keepAliveSeconds} s`;
    case 'connack':
      return `${head} CONNACK ${event.code}, session present ${event.sessionPresent ? 1 : 0}`;
    case 'subscribe':
      return `${head} SUBSCRIBE ${event.filters.map(({ filter, qos }) => `${filter} (QoS ${qos})`).join(', ')}`;
    case 'publish':
      return `${head} PUBLISH from ${event.from} to ${event.topic} at QoS ${event.qos}, ${event.bytes} bytes: ${event.text.slice(0, 200)}`;
    case 'puback':
      return `${head} PUBACK from ${event.from} for ${event.id}`;
    case 'disconnect':
      return `${head} DISCONNECT`;
  }
}

function dpsText(event: Extract<WireEvent, { kind: 'dps-request' | 'dps-answer' }>): string {
  const rid = event.rid === undefined ? '' : ` ($rid=${event.rid})`;
  const body = event.body === undefined ? '' : ` ${JSON.stringify(event.body).slice(0, 300)}`;
  if (event.kind === 'dps-answer') {
    const wait = event.retryAfterSeconds === undefined ? '' : `, retry-after ${event.retryAfterSeconds}`;
    const status = event.status === 0 ? 'connection closed' : `status ${event.status}`;
    return `#${event.connection} answer of DPS to ${event.operation}${rid}: ${status}${wait}${body}`;
  }
  const operation = event.operationId === undefined ? '' : ` ${event.operationId}`;
  return `#${event.connection} ${event.operation}${operation} of ${event.registrationId} over ${event.transport}${rid}, api-version ${event.apiVersion}${tokenText(event.token)}${body}`;
}

function tokenText(token: TokenFacts | undefined): string {
  if (token === undefined) return '';
  const { resource, expiresAt, keyName, isSigned } = token;
  const signed = isSigned === false ? ', wrong signature' : '';
  return ` (token for ${resource} until ${isoInstant(expiresAt)}${keyName === undefined ? '' : `, skn ${keyName}`}${signed})`;
}
