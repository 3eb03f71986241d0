import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createSecureContext, createServer, type SecureContext } from 'node:tls';
import { Aedes } from 'aedes';
import { MqttClient } from 'mqtt';
import { defaultFidelity } from '../../core/cloud/fidelity.ts';
import { Random } from '../../core/random.ts';
import { dpsTopics, globalEndpoint } from '../../core/wire/dps-wire.ts';
import { generateKeyPair } from '../../core/x509/mint/key-pair.ts';
import { mintCertificate } from '../../core/x509/mint/mint.ts';
import { clientTimeoutsOf } from '../../mocks/listeners/shared/client-timeouts.ts';
import { ServerRoots } from '../../mocks/listeners/shared/server-identity.ts';
import { rootPlan } from '../../mocks/tls/root-plan.ts';
import { tlsSettings } from '../../mocks/listeners/shared/tls.ts';
import { perSecond, stillClock } from './measure.ts';

/**
 * Measures the packets of a registration and a telemetry message if only libraries send them: mqtt.js over two TLS connections to the
 * broker aedes. The first connection subscribes, registers and polls; the second sends one telemetry message. No code checks a credential.
 * Client and broker are in this process. Rehearsal uses the same libraries, so its registrations cannot be faster.
 */
export async function bareFlows({ clientCertificate }: { readonly clientCertificate: boolean }) {
  const { server, port, broker } = await bareBroker();
  const contextOf = await contexts(clientCertificate);
  return {
    measure: (count: number) =>
      perSecond(count, 8, async (index) => {
        const secureContext = contextOf();
        await registerBare(port, secureContext, `bare-${index}`);
        await sendBare(port, secureContext, `bare-${index}`);
      }),
    close: async () => {
      // The timers of the broker keep the process alive, so the broker is closed at the end.
      await new Promise<void>((done) => broker.close(done));
      server.close();
    },
  };
}

async function bareBroker() {
  const { identity } = await ServerRoots.open(
    undefined,
    rootPlan(undefined, undefined, 'RSA-2048'),
    { serverKey: defaultFidelity.serverKey, names: [] },
    new Random('bench'),
  );
  const broker = await Aedes.createBroker({
    authorizeForward: (_client, packet) => ('clientId' in packet ? null : packet),
    published: (packet, client, done) => {
      const rid = /\$rid=(\d)/.exec(packet.topic)?.[1];
      if (rid !== undefined) {
        const status = rid === '1' ? 202 : 200;
        const answer = { topic: dpsTopics.response(status, rid), payload: answers[status] } as const;
        client.publish({ cmd: 'publish', qos: 0, dup: false, retain: false, ...answer }, () => {});
      }
      done();
    },
  });
  const server = createServer(tlsSettings(identity, clientTimeoutsOf({})), (socket) => {
    socket.setNoDelay(true);
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, broker, port: (server.address() as AddressInfo).port };
}

/** These texts are as long as real answers. */
const answers = { 202: 'a'.repeat(100), 200: 'a'.repeat(560) } as const;
/** This text is as long as a real token. */
const token = 'a'.repeat(180);

/**
 * Returns a function that returns the TLS context of the next device. For a device with a certificate, the TLS context is new, because each
 * device of a flow loads its certificate once for both connections.
 */
async function contexts(clientCertificate: boolean): Promise<() => SecureContext> {
  if (!clientCertificate) {
    const anonymous = createSecureContext({ minVersion: 'TLSv1.2' });
    return () => anonymous;
  }
  const now = stillClock.now();
  const leaf = await mintCertificate({
    subject: { commonName: 'bench' },
    keys: await generateKeyPair('P-256'),
    notBefore: now,
    notAfter: now + 1e10,
  });
  return () => createSecureContext({ minVersion: 'TLSv1.2', cert: leaf.pem, key: leaf.privateKeyPem });
}

async function open(port: number, secureContext: SecureContext, clientId: string) {
  const servername = globalEndpoint;
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false, secureContext });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  const client = new MqttClient(() => socket, {
    protocolVersion: 4,
    clean: true,
    keepalive: 0,
    reconnectPeriod: 0,
    log: () => {},
    clientId,
    username: `0ne00000001/registrations/${clientId}/api-version=2021-06-01`,
    password: token,
  });
  await new Promise<void>((done, fail) => client.once('connect', () => done()).once('error', fail));
  return {
    client,
    close: async () => {
      const closed = once(socket, 'close');
      client.end();
      await closed;
    },
  };
}

async function registerBare(port: number, secureContext: SecureContext, name: string): Promise<void> {
  const { client, close } = await open(port, secureContext, `dps-${name}`);
  await client.subscribeAsync(dpsTopics.responses, { qos: 1 });
  for (const topic of [dpsTopics.register('1'), dpsTopics.operationStatus('2', 'a'.repeat(56))]) {
    const answered = new Promise<void>((done) => client.once('message', () => done()));
    client.publish(topic, JSON.stringify({ registrationId: name }), { qos: 0 });
    await answered;
  }
  await close();
}

async function sendBare(port: number, secureContext: SecureContext, name: string): Promise<void> {
  const { client, close } = await open(port, secureContext, `hub-${name}`);
  await client.publishAsync(`devices/${name}/messages/events/`, 'telemetry', { qos: 1 });
  await close();
}
