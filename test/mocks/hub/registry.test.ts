import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mint, shows } from '../clients/certificates.ts';
import { individual } from '../clients/credentials.ts';
import { askAsOwner, askHub } from '../clients/hub-http.ts';
import { hubs, openCloud, type OpenCloud } from '../clients/open-cloud.ts';
import { provision } from '../clients/provision.ts';

const [hub] = hubs;
let open: OpenCloud;

beforeAll(async () => {
  open = await openCloud({ assignmentMs: 0 });
});
afterAll(() => open.cloud.close());

const put = (id: string, body: object, ifMatch?: string) =>
  askAsOwner(open, 'PUT', `/devices/${id}`, {
    body: { deviceId: id, ...body },
    ...(ifMatch === undefined ? {} : { headers: { 'If-Match': ifMatch } }),
  });
const get = async (path: string) => (await askAsOwner(open, 'GET', path)).body;
const edge = { capabilities: { iotEdge: true } };
const scopeOf = async (id: string) => String((await get(`/devices/${id}`))?.['deviceScope']);

describe('edge devices and their children', () => {
  test('have scopes: the scope of an edge device contains its name and its generation, and an ordinary device has no scope at first', async () => {
    const { body } = await put('edge', edge);
    expect(body).toMatchObject({
      deviceScope: `ms-azure-iot-edge://edge-${String(body?.['generationId'])}`,
      parentScopes: [],
    });
    expect(await get('/twins/edge')).toMatchObject({ deviceScope: body?.['deviceScope'], parentScopes: [] });
    const plain = await put('plain', {});
    expect(plain.body).not.toHaveProperty('deviceScope');
    expect(plain.body).not.toHaveProperty('parentScopes');
  });

  test('are linked if the request for a leaf device has `deviceScope`, `parentScopes`, or both', async () => {
    const scope = await scopeOf('edge');
    for (const [id, words] of [
      ['leaf-1', { deviceScope: scope }],
      ['leaf-2', { parentScopes: [scope] }],
      ['leaf-3', { deviceScope: scope, parentScopes: [scope] }],
    ] as const) {
      expect((await put(id, words)).body).toMatchObject({ deviceScope: scope, parentScopes: [scope] });
      expect(await get(`/twins/${id}`)).toMatchObject({ deviceScope: scope, parentScopes: [scope] });
    }
    const { body } = await askAsOwner(open, 'POST', '/devices/query', {
      body: { query: `SELECT deviceId FROM devices WHERE deviceScope = '${scope}' AND deviceId = 'leaf-2'` },
    });
    expect(body).toEqual([{ deviceId: 'leaf-2' }]);
  });

  test('are linked if the request for an edge device has `parentScopes`; that edge device keeps its own scope', async () => {
    const parent = await scopeOf('edge');
    const { body } = await put('edge-below', { ...edge, parentScopes: [parent] });
    const own = String(body?.['deviceScope']);
    expect(body).toMatchObject({
      deviceScope: `ms-azure-iot-edge://edge-below-${String(body?.['generationId'])}`,
      parentScopes: [parent],
    });
    expect((await put('edge-below', { ...edge, deviceScope: own, parentScopes: [parent] }, '*')).status).toBe(200);
    expect((await put('edge-below', { ...edge, deviceScope: parent, parentScopes: [parent] }, '*')).status).toBe(400);
    expect((await put('edge-below', { ...edge, parentScopes: [own] }, '*')).status).toBe(400);
  });

  test.each([
    ['a scope of no device', { deviceScope: 'ms-azure-iot-edge://ghost-1' }],
    ['a UUID, as Azure’s e2e suite tries', { deviceScope: '5a2f7f6e-0d3c-4b52-9b3f-7d0c1c6f3d10' }],
    ['a number', { deviceScope: 7 }],
    ['no list', { parentScopes: 'edge' }],
    ['two parents', { parentScopes: ['a', 'b'] }],
  ])('are refused if the parent is %s', async (_name, words) => {
    const { status, body } = await put('orphan', words);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('ArgumentInvalid')]);
    expect((await put('leaf-1', words, '*')).status).toBe(400);
  });

  test('are separated by an update without a parent, and moved by an update with another parent', async () => {
    const other = String((await put('other-edge', edge)).body?.['deviceScope']);
    expect(
      (await put('leaf-1', { deviceScope: other, parentScopes: [await scopeOf('edge')] }, '*')).body,
    ).toMatchObject({
      deviceScope: other,
      parentScopes: [other],
    });
    expect((await put('leaf-1', { deviceScope: '' }, '*')).body).not.toHaveProperty('deviceScope');
    expect(await get('/devices/leaf-1')).not.toHaveProperty('parentScopes');
  });

  test('are refused in bulk requests, too, if their scopes are invalid', async () => {
    const scope = await scopeOf('edge');
    const { status, body } = await askAsOwner(open, 'POST', '/devices', {
      body: [
        { id: 'bulk-leaf', importMode: 'create', deviceScope: scope },
        { id: 'bulk-orphan', importMode: 'create', deviceScope: 'ms-azure-iot-edge://ghost-1' },
      ],
    });
    expect([status, body]).toMatchObject([400, { errors: [{ deviceId: 'bulk-orphan', errorCode: 400_004 }] }]);
    expect(await get('/devices/bulk-leaf')).toMatchObject({ deviceScope: scope });
  });

  test('have scopes, too, if DPS created the edge device', async () => {
    const leaf = await mint('dps-edge');
    open.cloud.operator.putEnrollment(
      individual(
        'dps-edge',
        { type: 'x509', primary: leaf.der },
        { hubs: [hub], allocationPolicy: 'static', iotEdge: true },
      ),
    );
    await provision(open, 'dps-edge', { client: shows(leaf) });
    const body = await get('/devices/dps-edge');
    expect(body?.['deviceScope']).toBe(`ms-azure-iot-edge://dps-edge-${String(body?.['generationId'])}`);
  });
});

describe('thumbprints', () => {
  const send = async (id: string, leaf: Awaited<ReturnType<typeof mint>>) =>
    (await askHub(open, { method: 'POST', path: `/devices/${id}/messages/events`, body: 'x', client: shows(leaf) }))
      .status;
  const pin = (id: string, x509Thumbprint: object, type?: string) =>
    put(id, { authentication: { ...(type === undefined ? {} : { type }), x509Thumbprint } });

  test('authenticate a device if the primary and secondary thumbprints differ, are equal, or only one is given', async () => {
    const [one, other] = [await mint('one'), await mint('other')];
    const [first, second] = [one.certificate.thumbprintSha256, other.certificate.thumbprintSha1];
    for (const [id, pinned, expected] of [
      ['both', { primaryThumbprint: first, secondaryThumbprint: second }, [204, 204]],
      ['equal', { primaryThumbprint: first, secondaryThumbprint: first }, [204, 401]],
      ['secondary', { primaryThumbprint: null, secondaryThumbprint: second }, [401, 204]],
      ['primary', { primaryThumbprint: first }, [204, 401]],
    ] as const) {
      const { body } = await pin(id, pinned);
      expect(body?.['authentication']).toMatchObject({
        type: 'selfSigned',
        x509Thumbprint: { secondaryThumbprint: null, ...pinned },
      });
      expect([await send(id, one), await send(id, other)]).toEqual(expected);
    }
  });

  test('are both the thumbprint of the certificate of the last registration, if DPS created the device (reported as azure-iot-sdk-java#1220 and iotedge#2951)', async () => {
    const [primary, secondary] = [await mint('dps-x509'), await mint('dps-x509')];
    const attestation = { type: 'x509', primary: primary.der, secondary: secondary.der } as const;
    open.cloud.operator.putEnrollment(individual('dps-x509', attestation, { hubs: [hub], allocationPolicy: 'static' }));
    for (const used of [primary, secondary]) {
      await provision(open, 'dps-x509', { client: shows(used) });
      const thumbprint = used.certificate.thumbprintSha256;
      expect((await get('/devices/dps-x509'))?.['authentication']).toMatchObject({
        type: 'selfSigned',
        x509Thumbprint: { primaryThumbprint: thumbprint, secondaryThumbprint: thumbprint },
      });
      expect((await get('/twins/dps-x509'))?.['x509Thumbprint']).toEqual({
        PrimaryThumbprint: thumbprint,
        SecondaryThumbprint: thumbprint,
      });
      expect(await send('dps-x509', used)).toBe(204);
    }
    expect(await send('dps-x509', primary)).toBe(401);
  });
});

describe('the api-version over HTTPS', () => {
  test.each([
    '2015-08-15-preview',
    '2016-02-03',
    '2016-04-30',
    '2016-11-14',
    '2017-06-30',
    '2018-04-01',
    '2018-06-30',
    '2021-04-12',
    '2024-03-31',
    '2026-11-01-preview',
  ])('%s is accepted in requests of service clients', async (version) => {
    expect((await askAsOwner(open, 'GET', `/devices/edge?api-version=${version}`)).status).toBe(200);
  });

  test.each(['2016-02-04', '2099-01-01', '', '2021-06-01'])(
    '"%s" is refused, because Azure has no such version',
    async (version) => {
      expect((await askAsOwner(open, 'GET', `/devices/edge?api-version=${version}`)).status).toBe(400);
    },
  );
});
