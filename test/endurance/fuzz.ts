import { connect as tcpConnect, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterRealTime } from '../../core/time/clock.ts';
import { Random } from '../../core/random.ts';
import { registerAt } from '../mocks/clients/device-at-listener.ts';
import { dpsToken } from '../mocks/clients/credentials.ts';
import { beginning } from '../mocks/clients/raw-amqp.ts';
import { connectPacket, publishPacket, subscribePacket } from '../mocks/clients/raw-mqtt.ts';
import { startFuzzLab, type FuzzLab } from './fuzz-lab.ts';

export const listeners = ['https', 'mqtt', 'amqp', 'websocket', 'handshake', 'control', 'tpm', 'tpm-platform'] as const;
export type Listener = (typeof listeners)[number];

export interface FuzzFigures {
  readonly listener: Listener;
  readonly shots: number;
  /** Number of connections that a listener did not end within 20 s after the client ended its side. */
  readonly hangs: number;
  readonly goodClients: number;
  readonly refusedGood: number;
  /** Sentences. */
  readonly faults: readonly string[];
}

/** Number of simultaneous connections. */
const width = 8;
const patienceMs = 20_000;
/** After this number of messages, a valid client registers. */
const goodEach = 250;

/**
 * Sends bytes derived from the seed to each listener of a real `rehearse serve`, each message on a separate connection: random bytes,
 * and messages of valid clients that are cut, repeated or changed in some bytes. A valid client registers in between and at the end.
 */
export async function fuzz(
  seed: string,
  shots: Readonly<Partial<Record<Listener, number>>>,
): Promise<readonly FuzzFigures[]> {
  const lab = await startFuzzLab();
  const figures: FuzzFigures[] = [];
  try {
    for (const listener of listeners) {
      const count = shots[listener] ?? 0;
      if (count > 0) figures.push(await fuzzListener(lab, listener, count, new Random(seed).fork(listener)));
    }
  } finally {
    const faults = await lab.end();
    const last = figures.at(-1);
    if (faults.length > 0 && last !== undefined) figures[figures.length - 1] = { ...last, faults };
  }
  return figures;
}

async function fuzzListener(lab: FuzzLab, listener: Listener, shots: number, random: Random): Promise<FuzzFigures> {
  const good = goodMessages(lab, listener);
  let [at, hangs, goodClients, refusedGood] = [0, 0, 0, 0];
  const checkGood = async (): Promise<void> => {
    goodClients++;
    if (!(await isGoodClientServed(lab))) refusedGood++;
  };
  const lane = async (): Promise<void> => {
    while (at < shots) {
      const shot = at++;
      // Draws the bytes in the order of the messages, so that the order of the connections does not change the bytes.
      const bytes = shotFrom(random, good);
      if ((await send(lab, listener, bytes)) === 'hangs') hangs++;
      if (shot % goodEach === goodEach - 1) await checkGood();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  await checkGood();
  return { listener, shots, hangs, goodClients, refusedGood, faults: [] };
}

/** Returns random bytes, or a valid message that is cut, repeated or changed. */
function shotFrom(random: Random, good: readonly Buffer[]): Buffer {
  const upTo = (limit: number): number => Math.floor(random.number() * limit);
  const kind = upTo(5);
  const noise = random.bytes(1 + upTo(kind === 0 ? 2000 : 30));
  if (kind === 0) return noise;
  const message = Buffer.from(good[upTo(good.length)] ?? noise);
  if (kind === 1) return message.subarray(0, upTo(message.length + 1));
  if (kind === 2) return Buffer.concat([message.subarray(0, upTo(message.length)), noise, message]);
  if (kind === 3) return Buffer.concat([message, noise, message]);
  for (let change = 0; change <= upTo(6); change++) message[upTo(message.length)] = upTo(256);
  return message;
}

function goodMessages(lab: FuzzLab, listener: Listener): readonly Buffer[] {
  const { idScope } = lab;
  const http = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
  switch (listener) {
    case 'https':
      return [
        http(`PUT /${idScope}/registrations/dev/register?api-version=2021-06-01 HTTP/1.1
Host: global.azure-devices-provisioning.net
Content-Type: application/json
Content-Length: 24
Authorization: SharedAccessSignature sr=x&sig=x&se=1&skn=registration

{"registrationId":"dev"}`),
        http(`POST /enrollments/query?api-version=2021-10-01 HTTP/1.1
Host: global.azure-devices-provisioning.net
Transfer-Encoding: chunked
Content-Type: application/json

11
{"query":"SELECT"}
0

`),
      ];
    case 'mqtt':
      return [
        Buffer.concat([
          connectPacket({ clientId: 'dev', username: `${idScope}/registrations/dev/api-version=2021-06-01` }),
          subscribePacket(1, ['$dps/registrations/res/#', 1]),
          publishPacket('$dps/registrations/PUT/iotdps-register/?$rid=1', '{}', 1),
        ]),
        connectPacket({
          clientId: 'dev',
          username: 'hub-eu.azure-devices.net/dev/?api-version=2021-04-12',
          password: 'x',
        }),
      ];
    case 'amqp':
      return [beginning(`${idScope}/registrations/dev`)];
    case 'websocket':
      return ['MQTT', 'AMQPWSB10'].map((protocol) =>
        Buffer.concat([
          http(`GET /$iothub/websocket HTTP/1.1
Host: global.azure-devices-provisioning.net
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==
Sec-WebSocket-Version: 13
Sec-WebSocket-Protocol: ${protocol}

`),
          // A masked binary frame of four octets, and a close frame.
          Buffer.from('828400000000101000048880000000000000', 'hex'),
        ]),
      );
    case 'handshake':
      return clientHellos;
    case 'control':
      return [
        http(`POST /clock/advance HTTP/1.1
Host: 127.0.0.1
Content-Type: application/json
Content-Length: 16

{"by":"PT1H0M"}
`),
        http('GET /history HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer x\n\n'),
      ];
    case 'tpm':
      // The bytes are the simulator commands TPM_SEND_COMMAND, with TPM2_GetRandom, and TPM_SESSION_END.
      return [Buffer.from('00000008000000000c80010000000c0000017b000800000014', 'hex')];
    case 'tpm-platform':
      // The bytes are the simulator commands for power on, NV on, and the end of the session.
      return [Buffer.from('000000010000000b00000014', 'hex')];
  }
}

/** A ClientHello of TLS 1.2 with a server name and two suites: in one record, and in records of 20 octets. */
const clientHello = Buffer.from(
  `0100005b0303${'5a'.repeat(32)}000004c02fc0300100002e00000014001200000f6e616d652e6578616d706c652e7831000a00060004001d0017000d00040002080400170000`,
  'hex',
);
const clientHellos = [clientHello.length, 20].map((size) => {
  const parts: Buffer[] = [];
  for (let at = 0; at < clientHello.length; at += size) {
    const fragment = clientHello.subarray(at, at + size);
    parts.push(Buffer.from([22, 3, 1, 0, fragment.length]), fragment);
  }
  return Buffer.concat(parts);
});

/** Sends bytes, ends the side of the client, and waits until the listener ends its side. */
async function send(lab: FuzzLab, listener: Listener, bytes: Buffer): Promise<'ended' | 'hangs'> {
  const socket = open(lab, listener);
  return new Promise((resolve) => {
    // An error of the connection, such as a reset, also counts as its end.
    socket.on('error', () => {});
    socket.once('close', () => resolve('ended'));
    socket.resume().end(bytes);
    afterRealTime(patienceMs, () => {
      resolve('hangs');
      socket.destroy();
    });
  });
}

function open({ ports, root }: FuzzLab, listener: Listener): Socket {
  const host = '127.0.0.1';
  if (listener === 'handshake') return tcpConnect({ host, port: ports.mqtt });
  if (listener === 'control' || listener === 'tpm' || listener === 'tpm-platform')
    return tcpConnect({ host, port: ports[listener] });
  const port = ports[listener === 'websocket' ? 'https' : listener];
  return tlsConnect({ host, port, ca: root, servername: 'global.azure-devices-provisioning.net' });
}

async function isGoodClientServed(lab: FuzzLab): Promise<boolean> {
  const token = dpsToken(lab.key, 'dev', { scope: lab.idScope, se: lab.expiry });
  const told = await registerAt('https', { cloud: lab.cloud }, 'dev', { token, scope: lab.idScope }).catch(
    () => undefined,
  );
  return told?.status === 202;
}
