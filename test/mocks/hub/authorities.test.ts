import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Minted } from '../../../core/x509/mint/mint.ts';
import { mint, shows } from '../clients/certificates.ts';
import { data, HubAmqpClient } from '../clients/hub-amqp-client.ts';
import { askAsOwner, askHub } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import type { ClientCertificate } from '../clients/raw-https.ts';
import { publishPacket, RawMqtt } from '../clients/raw-mqtt.ts';

const [hub] = hubs;
let open: OpenCloud;
let root: Minted;
let device: ClientCertificate;
let foreign: ClientCertificate;

beforeAll(async () => {
  open = await openCloud();
  root = await mint('Plant Root', { ca: {} });
  const line = await mint('Line CA', { ca: {}, by: root });
  device = shows(await mint('press', { by: line }), line);
  foreign = shows(await mint('press', { by: await mint('Plant Root', { ca: {} }) }));
  const body = { deviceId: 'press', authentication: { type: 'certificateAuthority' } };
  expect((await askAsOwner(open, 'PUT', '/devices/press', { body })).status).toBe(200);
});
afterAll(() => open.cloud.close());

const wires: readonly (readonly [string, (client: ClientCertificate) => Promise<boolean>])[] = [
  [
    'HTTPS',
    async (client) => {
      const request = { method: 'POST', path: '/devices/press/messages/events', body: 'x', client };
      return (await askHub(open, request)).status === 204;
    },
  ],
  [
    'MQTT',
    async (client) => {
      const connection = await RawMqtt.open(open.cloud, client);
      const username = `${hub}/press/?api-version=2021-04-12`;
      const code = await connection.connect({ clientId: 'press', username });
      if (code !== 0) return false;
      connection.send(publishPacket('devices/press/messages/events/', 'x', 1, 1));
      const { kind } = await connection.next();
      connection.close();
      return kind === 'puback';
    },
  ],
  [
    'AMQP',
    async (client) => {
      const connection = await HubAmqpClient.open(open.cloud, { client, hostname: hub });
      const sent = await connection.sender('/devices/press/messages/events').then(
        (sender) => connection.send(sender, { body: data('x') }),
        () => 'refused',
      );
      connection.close();
      return sent === 'accepted';
    },
  ],
];

test.each(wires)(
  'over %s, a hub accepts only devices with a certificate chain to one of its CAs',
  async (_name, comesIn) => {
    expect(await comesIn(device)).toBe(false);
    expect(open.lastVerdict()).toBe('hub hub-chain-trusted');
    expect(open.cloud.operator.putHubAuthority(hub, root.der)).toMatchObject({ ok: true });
    expect(await comesIn(device)).toBe(true);
    expect(open.lastVerdict()).toBe('hub passed');
    expect(await comesIn(foreign)).toBe(false);
    expect(open.cloud.operator.deleteHubAuthority(hub, root.certificate.thumbprintSha256)).toMatchObject({ ok: true });
    expect(await comesIn(device)).toBe(false);
  },
);

test('the list of CAs of a hub has each added CA once, and no CA that was added to another hub', () => {
  const { operator } = open.cloud;
  for (let again = 0; again < 2; again++) operator.putHubAuthority(hub, root.der);
  expect(operator.hubAuthorities(hub)?.map(({ subject }) => subject)).toEqual([root.certificate.subject]);
  expect(operator.hubAuthorities(hubs[1])).toEqual([]);
  expect(operator.hubAuthorities('no.azure-devices.net')).toBeUndefined();
  expect(operator.deleteHubAuthority(hub, '00')).toMatchObject({ ok: false });
  expect(operator.deleteHubAuthority(hub, root.certificate.thumbprintSha256.toLowerCase())).toMatchObject({ ok: true });
});
