import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dpsTopics } from '../../core/wire/dps-wire.ts';
import { mint, shows } from '../mocks/clients/certificates.ts';
import { dpsToken, hubToken, individual, symmetricKeys } from '../mocks/clients/credentials.ts';
import { expectFit } from '../mocks/clients/fit-schema.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pemOf } from '../mocks/clients/raw-https.ts';
import { protonMissing, python } from '../mocks/listeners/amqp/proton/proton-present.ts';
import { countEachAs } from '../sdk/sdk-row.ts';
import { ClientDesk, type Ended } from './client-desk.ts';
import { clientMissing } from './client-missing.ts';

/** One output line of the Python script that uses libmosquitto. */
interface Heard {
  readonly topic?: string;
  readonly body?: unknown;
}

describe.skipIf(clientMissing('mosquitto_pub', 'mosquitto-clients') ?? protonMissing)(
  'mosquitto_pub and mosquitto_sub',
  () => {
    countEachAs('Mosquitto clients', 'mqtt', 'key');
    const desk = new ClientDesk();
    const keys = symmetricKeys();
    const [hub] = hubs;
    let open: OpenCloud;
    let files: { readonly cert: string; readonly key: string };
    let shownFiles: readonly string[];

    beforeAll(async () => {
      open = await openCloud({ assignmentMs: 0 });
      const leaf = await mint('cert');
      const { operator } = open.cloud;
      const terms = { allocationPolicy: 'static', hubs: [hub] } as const;
      for (const id of ['dev', 'solo']) operator.putEnrollment(individual(id, keys, terms));
      operator.putEnrollment(individual('cert', { type: 'x509', primary: leaf.der }, terms));
      files = desk.certificate('cert', shows(leaf));
      shownFiles = ['--cert', files.cert, '--key', files.key];
    });
    afterAll(async () => {
      await open.cloud.close();
      desk.close();
    });

    /** Returns the options with which each client sends a CONNECT of MQTT 3.1.1. */
    function words(id: string, user: string, proof: readonly string[]): string[] {
      const root = desk.file('root.pem', pemOf(open.cloud.serverRoot));
      const place = ['-h', 'localhost', '-p', String(open.cloud.ports.mqtt), '--cafile', root, '-V', 'mqttv311'];
      return [...place, '-i', id, '-u', user, ...proof];
    }

    const atDps = (id: string, proof: readonly string[], scope: string = idScope) =>
      words(id, `${scope}/registrations/${id}/api-version=2019-03-31&ClientVersion=mosquitto`, proof);
    const atHub = (id: string, proof: readonly string[]) =>
      words(id, `${hub}/${id}/?api-version=2021-04-12`, [...proof, '-q', '1']);

    /** Registers on one connection of libmosquitto. Returns the received lines in order. */
    async function provision(id: string, proof: readonly string[]): Promise<Heard[]> {
      const script = join(import.meta.dirname, 'libmosquitto.py');
      const login = [id, `${idScope}/registrations/${id}/api-version=2019-03-31&ClientVersion=libmosquitto`];
      const place = [String(open.cloud.ports.mqtt), desk.file('root.pem', pemOf(open.cloud.serverRoot))];
      const { code, stdout, stderr } = await desk.run(python, [script, ...place, ...login, ...proof]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Heard);
    }

    const heardFrom = (id: string): string[] =>
      open.history
        .events()
        .flatMap((event) => (event.kind === 'wire' && event.from === id && event.to === hub ? [event.message] : []));

    const telemetry = (id: string, proof: readonly string[]): Promise<Ended> =>
      desk.run('mosquitto_pub', [...atHub(id, proof), '-t', `devices/${id}/messages/events/room=7`, '-m', '{"t":21}']);

    const taken = [{ connack: 0 }, { granted: [1] }];
    const accepted = { topic: '$dps/registrations/res/202/?$rid=1&retry-after=3' };
    const ended = { topic: '$dps/registrations/res/200/?$rid=2' };

    test('register with a token, and send telemetry with a hub token that the same device key signed', async () => {
      const heard = await provision('dev', ['--password', dpsToken(keys.primaryKey, 'dev')]);
      expect(heard).toMatchObject([...taken, accepted, ended]);
      expectFit('device/device-accepted', heard[2]?.body);
      expectFit('device/device-assigned-symmetric-key', heard[3]?.body);
      const sent = await telemetry('dev', ['-P', hubToken(keys.primaryKey, hub, 'dev')]);
      expect(sent).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(heardFrom('dev').filter((message) => message.includes('{"t":21}'))).toHaveLength(1);
    });

    test('register with a certificate, and send telemetry with the same certificate', async () => {
      const heard = await provision('cert', ['--certificate', files.cert, files.key]);
      expect(heard).toMatchObject([...taken, accepted, ended]);
      expectFit('device/device-assigned-x509', heard[3]?.body);
      expect(await telemetry('cert', shownFiles)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(heardFrom('cert').filter((message) => message.includes('{"t":21}'))).toHaveLength(1);
    });

    test('subscribe and publish in separate runs; DPS grants the topics and acknowledges the registration', async () => {
      const login = atDps('solo', ['-P', dpsToken(keys.primaryKey, 'solo')]);
      const listening = ['-t', dpsTopics.responses, '-q', '1', '-E', '-W', '10'];
      expect(await desk.run('mosquitto_sub', [...login, ...listening])).toMatchObject({ code: 0, stderr: '' });
      const registering = ['-t', dpsTopics.register('7'), '-m', '{"registrationId":"solo"}', '-q', '1'];
      expect(await desk.run('mosquitto_pub', [...login, ...registering])).toMatchObject({ code: 0, stderr: '' });
      expect(await telemetry('solo', ['-P', hubToken(keys.primaryKey, hub, 'solo')])).toMatchObject({ code: 0 });
    });

    test.each(['devices/dev/messages/devicebound/#', 'devices/+/messages/devicebound/#'])(
      'receive a message to the device with the topic filter %s',
      async (filter) => {
        await provision('dev', ['--password', dpsToken(keys.primaryKey, 'dev')]);
        // The device is not connected, so the hub stores the message until the device connects.
        const body = Buffer.from('open the valve');
        expect(open.cloud.operator.sendToDevice(hub, 'dev', { body, properties: { urgent: 'yes' } })).toMatchObject({
          ok: true,
        });
        const listening = ['-t', filter, '-C', '1', '-W', '10', '-F', '%t %p'];
        const login = atHub('dev', ['-P', hubToken(keys.primaryKey, hub, 'dev')]);
        const { code, stdout } = await desk.run('mosquitto_sub', [...login, ...listening]);
        expect(code).toBe(0);
        expect(stdout).toMatch(/^devices\/dev\/messages\/devicebound\/\S*urgent=yes\S* open the valve\n$/);
      },
    );

    test('get the status 401 in an answer, not in the CONNACK, if the key is wrong', async () => {
      const heard = await provision('dev', ['--password', dpsToken(randomBytes(32), 'dev')]);
      expect(heard).toMatchObject([...taken, { topic: '$dps/registrations/res/401/?$rid=1' }]);
      expectFit('device/device-error', heard[2]?.body);
      expect(heard[2]?.body).toMatchObject({ errorCode: 401000, message: 'Unauthorized' });
    });

    test.each([
      ['another ID scope', () => atDps('dev', [], '0neFFFFFFFF'), /broker unavailable/i],
      ['a certificate of another name', () => atDps('dev', shownFiles), /not authori[sz]ed/i],
      [
        'a wrong key at the hub',
        () => atHub('dev', ['-P', hubToken(randomBytes(32), hub, 'dev')]),
        /not authori[sz]ed/i,
      ],
    ])('print why the CONNACK refuses their login, for %s', async (_name, login, reason) => {
      const { code, stderr } = await desk.run('mosquitto_pub', [...login(), '-t', 'x', '-m', 'y']);
      expect(code).not.toBe(0);
      expect(stderr).toMatch(reason);
    });

    test('are refused by DPS if they use MQTT 5', async () => {
      const login = atDps('dev', []).map((word) => (word === 'mqttv311' ? 'mqttv5' : word));
      const { code } = await desk.run('mosquitto_pub', [...login, '-t', 'x', '-m', 'y']);
      expect(code).not.toBe(0);
    });
  },
);
