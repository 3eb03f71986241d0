import type { IPublishPacket, Packet } from 'mqtt-packet';
import type { WireEvent } from '../../../core/conformance/wire-event.ts';
import type { Script } from '../script.ts';
import { isTelemetry } from './seen.ts';
import type { World } from './world.ts';

/** Lifetime of the first certificate in seconds. The client renews the certificate when about 80 % of this time is over. */
const shortLife = 20;
const needs = ['csr', 'renewal', 'hub'] as const;

function isRequest(packet: Packet): packet is IPublishPacket {
  return packet.cmd === 'publish' && packet.topic.startsWith('$iothub/credentials/POST/issueCertificate');
}

function ridOf({ topic }: IPublishPacket): string {
  return /\$rid=([^&]*)/.exec(topic)?.[1] ?? '';
}

/** Returns the packets that answer a certificate request. @param suffix further properties of the topic. */
function answers(request: IPublishPacket, status: number, body: object, suffix = ''): readonly Packet[] {
  const acknowledged: Packet[] =
    request.qos === 1 && request.messageId !== undefined ? [{ cmd: 'puback', messageId: request.messageId }] : [];
  const topic = `$iothub/credentials/res/${status}/?$rid=${ridOf(request)}${suffix}`;
  return [...acknowledged, { cmd: 'publish', topic, payload: JSON.stringify(body), qos: 0, dup: false, retain: false }];
}

function problem(errorCode: number, message: string, members: object = {}): object {
  return {
    errorCode,
    message,
    trackingId: '8ad0463c-6427-4479-9dfa-3e8bb7003e9b',
    timestampUtc: '2026-01-05T08:00:00.0000000Z',
    info: null,
    ...members,
  };
}

/**
 * Returns a script with one function for each of the first certificate requests: the function makes the answer. The hub answers all later
 * requests.
 */
function scripted(each: readonly ((request: IPublishPacket) => readonly Packet[])[]): () => Script {
  return () => {
    const left = [...each];
    return {
      fromClient: (packet) => (isRequest(packet) ? left.shift()?.(packet) : undefined),
    };
  };
}

function requests(events: readonly WireEvent[]): number {
  return events.filter(
    (event) =>
      event.kind === 'publish' && event.from === 'client' && event.topic.startsWith('$iothub/credentials/POST'),
  ).length;
}

function isRenewed(events: readonly WireEvent[]): boolean {
  return events.some((event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/200/'));
}

const operationExpires = '2099-01-05T20:00:00.0000000Z';

const accepted = (request: IPublishPacket): readonly Packet[] =>
  answers(request, 202, { correlationId: 'c-1', operationExpires });

const refusedAsActive = (request: IPublishPacket): readonly Packet[] =>
  answers(
    request,
    409,
    problem(409005, 'A credential operation is active.', {
      info: { correlationId: 'c-0', requestId: 'r-0', operationExpires },
    }),
  );

const renewal = { needs, lab: { issuedSeconds: shortLife }, observeMs: 60_000 } as const;

/** Worlds (lab setups) in which the client renews its certificate through the hub. */
export const renewalWorlds: readonly World[] = [
  {
    ...renewal,
    id: 'renewal',
    title: 'The issued certificate lasts 20 seconds, and the hub renews it',
    isShown: (events) => {
      const at = events.findIndex(
        (event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/200/'),
      );
      return at !== -1 && events.slice(at).some((event) => event.kind === 'connect' && event.service === 'hub');
    },
    settleMs: 1500,
  },
  {
    ...renewal,
    id: 'renewal-pending',
    title: 'The hub accepts a certificate request with 202 and does not finish it',
    script: scripted([accepted]),
    isShown: (events) => requests(events) > 0,
    settleMs: 8000,
  },
  {
    ...renewal,
    id: 'renewal-active',
    title: 'The hub answers each certificate request without `replace` with 409, because another operation is active',
    script: () => ({
      fromClient: (packet) =>
        isRequest(packet) && !packet.payload.toString().includes('"replace"') ? refusedAsActive(packet) : undefined,
    }),
    isShown: (events) => requests(events) > 0,
    settleMs: 6000,
  },
  {
    ...renewal,
    id: 'renewal-precondition',
    title: 'The hub answers the first certificate request with 409, and the request with `replace` with 412',
    script: scripted([
      refusedAsActive,
      (request) => answers(request, 412, problem(412005, 'No such operation.', { info: { requestId: 'r-0' } })),
    ]),
    isShown: (events) => requests(events) >= 3,
    observeMs: 45_000,
    settleMs: 1000,
  },
  {
    ...renewal,
    id: 'renewal-throttled',
    title:
      'The hub answers the first certificate request with 429, retryAfter 2 and `info` null; the topic of the answer has further properties',
    script: scripted([
      (request) => answers(request, 429, problem(429002, 'Throttled.', { retryAfter: 2 }), '&$version=1'),
    ]),
    isShown: (events) => requests(events) > 1,
    settleMs: 1000,
    observeMs: 45_000,
  },
  {
    ...renewal,
    id: 'renewal-cut',
    title: 'The connection breaks between 202 and 200 of a renewal',
    // On a busy computer, the runner may cut the connection late.
    lab: { issuedSeconds: shortLife, issuanceMs: 3000 },
    acts: [
      {
        title: 'the runner cuts the connection to the hub',
        after: (event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/202/'),
        waitMs: 100,
        do: (stage) => {
          for (const relay of stage.hubConnections()) relay.cut();
        },
      },
    ],
    isShown: isRenewed,
    settleMs: 500,
    observeMs: 45_000,
  },
  {
    ...renewal,
    id: 'power-cut-renewal',
    title: 'The power fails between 202 and 200 of a renewal',
    needs: ['csr', 'renewal', 'hub', 'state'],
    acts: [
      {
        title: 'the power fails',
        after: (event) => event.kind === 'publish' && event.topic.startsWith('$iothub/credentials/res/202/'),
        waitMs: 100,
        do: (stage) => stage.cutPower(),
      },
    ],
    isShown: (events) => {
      const boot = events.findIndex((event) => event.kind === 'started' && event.boot === 2);
      return boot !== -1 && isRenewed(events.slice(boot)) && events.slice(boot).some(isTelemetry);
    },
    settleMs: 500,
    observeMs: 45_000,
  },
];
