import { afterAll, beforeAll, expect, test } from 'vitest';
import { dpsTopics } from '../../core/wire/dps-wire.ts';
import { derivedKey, dpsToken, group, hubToken, symmetricKeys } from '../mocks/clients/credentials.ts';
import { askAsOwner } from '../mocks/clients/hub-http.ts';
import { nextMessage, subscribe } from '../mocks/hub/mqtt-device.ts';
import { hubs, idScope, openCloud, type OpenCloud } from '../mocks/clients/open-cloud.ts';
import { pubackPacket, publishPacket, RawMqtt, subscribePacket } from '../mocks/clients/raw-mqtt.ts';
import { embeddedClients, type EmbeddedClient } from './embedded-wire.ts';

const [hub] = hubs;
const keys = symmetricKeys();
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
  open.cloud.operator.putEnrollmentGroup(group('fleet', keys, { hubs: [hub], allocationPolicy: 'static' }));
});
afterAll(() => open.cloud.close());

/** Publishes a message with the QoS of the client, and reads the PUBACK at QoS 1. */
async function publish(device: RawMqtt, { qos }: EmbeddedClient, topic: string, body: string): Promise<void> {
  device.send(publishPacket(topic, body, qos, 9));
  if (qos === 1) expect((await device.next()).kind).toBe('puback');
}

async function register(client: EmbeddedClient, id: string): Promise<unknown> {
  const device = await RawMqtt.open(open.cloud);
  const username = `${idScope}/registrations/${id}${client.dpsQuery}`;
  const password = dpsToken(derivedKey(keys.primaryKey, id), id, { skn: client.dpsKeyName ?? null });
  const { keepalive, clean } = client;
  expect(await device.connect({ clientId: id, username, password, keepalive, clean })).toBe(0);
  const [topic, body] = ['$dps/registrations/PUT/iotdps-register/?$rid=1', client.registerBody(id)];
  if (client.isHasty === true) {
    device.send(subscribePacket(1, [dpsTopics.responses, 1]), publishPacket(topic, body, client.qos, 9));
    const kinds = [(await device.next()).kind, (await device.next()).kind];
    expect(kinds.toSorted()).toEqual(['puback', 'suback']);
  } else {
    expect(await subscribe(device, dpsTopics.responses)).toEqual([1]);
    await publish(device, client, topic, body);
  }
  const accepted = await nextMessage(device);
  expect(accepted.topic).toBe('$dps/registrations/res/202/?$rid=1&retry-after=3');
  const { operationId } = JSON.parse(accepted.text) as { operationId: string };
  const poll = `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${operationId}`;
  await publish(device, client, poll, client.pollBody);
  const done = JSON.parse((await nextMessage(device)).text) as Readonly<Record<string, unknown>>;
  device.close();
  return done;
}

test.each(embeddedClients.map((client) => [client.name, client] as const))(
  'a client with the MQTT packets of %s registers, sends telemetry, and gets every kind of message that a hub sends',
  async (_name, client) => {
    const id = `unit-${String(embeddedClients.indexOf(client))}`;
    const state = { deviceId: id, assignedHub: hub };
    expect(await register(client, id)).toMatchObject({ status: 'assigned', registrationState: state });

    const device = await RawMqtt.open(open.cloud);
    const { keepalive, clean } = client;
    const password = hubToken(derivedKey(keys.primaryKey, id), hub, id);
    const username = `${hub}/${id}${client.hubQuery}`;
    expect(await device.connect({ clientId: id, username, password, keepalive, clean })).toBe(0);
    const filters = client.filters(id);
    for (const some of client.isOneByOne ? filters.map((each) => [each]) : [filters]) {
      expect(await subscribe(device, ...some)).toEqual(some.map(() => 1));
    }

    await publish(device, client, `devices/${id}/messages/events/`, '{"temperature":21}');
    await publish(device, client, `devices/${id}/messages/events/$.ct=application%2Fjson&$.sub=thermostat1`, '{}');
    await device.flush();
    const sent = open.history
      .events()
      .flatMap((event) => (event.kind === 'wire' && event.from === id && event.to === hub ? [event.message] : []));
    expect(sent).toContain(`PUBLISH devices/${id}/messages/events/ {"temperature":21}`);

    expect(open.cloud.operator.sendToDevice(hub, id, { body: Buffer.from('cold') })).toMatchObject({ ok: true });
    const message = await nextMessage(device);
    expect(message).toMatchObject({ text: 'cold', qos: 1 });
    expect(message.topic.startsWith(`devices/${id}/messages/devicebound/`)).toBe(true);
    device.send(pubackPacket(message.id));

    await publish(device, client, `${client.twinGet}0x7`, '');
    expect((await nextMessage(device)).topic).toBe('$iothub/twin/res/200/?$rid=0x7');
    await publish(device, client, '$iothub/twin/PATCH/properties/reported/?$rid=8', '{"fan":"on"}');
    expect((await nextMessage(device)).topic).toMatch(/^\$iothub\/twin\/res\/204\/\?\$rid=8&\$version=\d+$/);
    await askAsOwner(open, 'PATCH', `/twins/${id}`, { body: { properties: { desired: { fan: 'off' } } } });
    const change = await nextMessage(device);
    expect(change.topic).toMatch(/^\$iothub\/twin\/PATCH\/properties\/desired\/\?\$version=\d+$/);

    const answered = askAsOwner(open, 'POST', `/twins/${id}/methods`, { body: { methodName: 'getMaxMinReport' } });
    const call = await nextMessage(device);
    expect(call.topic).toMatch(/^\$iothub\/methods\/POST\/getMaxMinReport\/\?\$rid=/);
    await publish(device, client, call.topic.replace('POST/getMaxMinReport', 'res/200'), '{"max":21}');
    expect(await answered).toMatchObject({ status: 200, body: { payload: { max: 21 } } });

    expect(await device.flush()).toEqual([]);
    device.close();
    const twin = (await askAsOwner(open, 'GET', `/twins/${id}`)).body;
    expect(twin).toMatchObject({ modelId: 'dtmi:com:example:Thermostat;1', properties: { reported: { fan: 'on' } } });
  },
);
