import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askAsDevice, createDevice, ownerOf } from '../../clients/hub-http.ts';
import { serviceToken } from '../../clients/credentials.ts';
import { HubAmqpClient } from '../../clients/hub-amqp-client.ts';
import { hubs, noon, openCloud, type OpenCloud } from '../../clients/open-cloud.ts';
import { ask, type RawAnswer, type RawRequest } from '../../clients/raw-https.ts';

const [hub] = hubs;
let open: OpenCloud;
let key: Buffer;

beforeAll(async () => {
  open = await openCloud();
  key = await createDevice(open, 'cam');
});
afterAll(() => open.cloud.close());

interface Target {
  readonly correlationId: string;
  readonly hostName: string;
  readonly containerName: string;
  readonly blobName: string;
  readonly sasToken: string;
}

async function start(blobName: string, id = 'cam', deviceKey = key): Promise<Target> {
  const body = JSON.stringify({ blobName });
  const answer = await askAsDevice(
    open,
    { id, key: deviceKey },
    { method: 'POST', path: `/devices/${id}/files`, body },
  );
  expect(answer.status).toBe(200);
  return answer.body as unknown as Target;
}

function finish(correlationId: string, more: object = {}): Promise<RawAnswer> {
  const body = JSON.stringify({ correlationId, isSuccess: true, statusCode: 200, statusDescription: 'OK', ...more });
  return askAsDevice(open, { id: 'cam', key }, { method: 'POST', path: '/devices/cam/files/notifications', body });
}

/** Sends a request for a blob to the host that the hub returned for uploads. */
function blob(target: Target, request: Omit<RawRequest, 'path'>, more = ''): Promise<RawAnswer> {
  const path = `/${target.containerName}/${encodeURI(target.blobName)}${target.sasToken}${more}`;
  return ask(open.cloud, {
    ...request,
    path,
    headers: { Host: target.hostName, 'Content-Type': null, ...request.headers },
  });
}

const blockBlob = { 'x-ms-blob-type': 'BlockBlob' };

describe('a file upload', () => {
  test('starts with the upload target, and ends with a notification to the service', async () => {
    const service = await HubAmqpClient.open(open.cloud);
    expect(await service.putToken(hub, serviceToken(ownerOf(open), hub))).toBe(200);
    const news = await service.receiver('/messages/serviceBound/filenotifications');
    const target = await start('log/1.txt');
    expect(target).toEqual({
      correlationId: expect.stringMatching(/^[\w+/]+=*$/) as string,
      hostName: hub,
      containerName: 'hub-eu-uploads',
      blobName: 'cam/log/1.txt',
      sasToken: expect.stringMatching(/^\?sv=2018-03-28&sr=b&sig=.+&se=2026-01-05T13%3A00%3A00Z&sp=rw$/) as string,
    });
    const text = 'hello world';
    const put = await blob(target, {
      method: 'PUT',
      body: text,
      headers: { ...blockBlob, 'Content-Type': 'text/plain', 'x-ms-meta-shot': '7' },
    });
    const md5 = createHash('md5').update(text).digest('base64');
    expect(put).toMatchObject({
      status: 201,
      headers: { 'content-md5': md5, 'x-ms-request-server-encrypted': 'true' },
    });
    const got = await blob(target, {});
    expect(got).toMatchObject({
      status: 200,
      text,
      headers: { 'content-type': 'text/plain', 'x-ms-meta-shot': '7', etag: put.headers['etag'], 'content-md5': md5 },
    });
    expect((await finish(target.correlationId)).status).toBe(204);
    const { message, delivery } = await service.next(news);
    expect(message['content_type']).toBe('application/vnd.microsoft.iothub.filenotification.json');
    expect(JSON.parse(String(message.body?.content))).toEqual({
      deviceId: 'cam',
      blobUri: `https://${hub}/hub-eu-uploads/cam/log/1.txt`,
      blobName: 'cam/log/1.txt',
      lastUpdatedTime: '2026-01-05T12:00:00+00:00',
      blobSizeInBytes: 11,
      enqueuedTimeUtc: '2026-01-05T12:00:00.0000000Z',
    });
    delivery.accept();
    service.close();
  });

  test('is in the history without the signature of its upload URL', async () => {
    const target = await start('secret.txt');
    await blob(target, { method: 'PUT', body: 'x', headers: blockBlob });
    await finish(target.correlationId);
    const signature = decodeURIComponent(/sig=([^&]+)/.exec(target.sasToken)?.[1] ?? '');
    const told = JSON.stringify(open.history.events());
    expect(told).toContain('PUT /hub-eu-uploads/cam/secret.txt?sv=2018-03-28&sr=b&sig=…&');
    expect(told).not.toContain(signature);
    expect(told).not.toContain(encodeURIComponent(signature));
  });

  test('stores the file in a container whose URL permits reading and listing, but not writing', async () => {
    const target = await start('a&b.txt');
    await blob(target, { method: 'PUT', body: 'x', headers: blockBlob });
    await finish(target.correlationId);
    const [path = '', query = ''] = (open.cloud.uploadContainers.get(hub) ?? '').split('?');
    const list = await ask(open.cloud, {
      path: `${path}?restype=container&comp=list&prefix=cam/a&${query}`,
      headers: { Host: hub },
    });
    expect(list.text).toContain('<Name>cam/a&amp;b.txt</Name>');
    expect(list.text).not.toContain('secret');
    const blobPath = `${path}/cam/a%26b.txt?${query}`;
    expect(await ask(open.cloud, { path: blobPath, headers: { Host: hub } })).toMatchObject({ status: 200, text: 'x' });
    expect(
      await ask(open.cloud, { method: 'PUT', path: blobPath, body: 'y', headers: { Host: hub, ...blockBlob } }),
    ).toMatchObject({ status: 403, headers: { 'x-ms-error-code': 'AuthorizationPermissionMismatch' } });
  });

  test('in blocks produces a file with the blocks in the order of the block list', async () => {
    const target = await start('blocks.bin');
    const ids = ['a', 'b', 'c'].map((each) => Buffer.from(`block-${each}`).toString('base64'));
    for (const [index, id] of ids.entries()) {
      const put = await blob(
        target,
        { method: 'PUT', body: `<${index}>` },
        `&comp=block&blockid=${encodeURIComponent(id)}`,
      );
      expect(put.status).toBe(201);
    }
    const list = (...listed: readonly string[]): string =>
      `<?xml version="1.0" encoding="utf-8"?>\n<BlockList>${listed.join('')}</BlockList>`;
    const latest = (id = ''): string => `<Latest>${id}</Latest>`;
    const commit = (body: string): Promise<RawAnswer> =>
      blob(target, { method: 'PUT', body, headers: { 'x-ms-blob-content-type': 'image/png' } }, '&comp=blocklist');
    expect(await commit(list(latest(ids[0]), latest('bm9uZQ==')))).toMatchObject({
      status: 400,
      headers: { 'x-ms-error-code': 'InvalidBlockList' },
    });
    expect(await commit('<BlockList><Oops/></BlockList>')).toMatchObject({
      headers: { 'x-ms-error-code': 'InvalidXmlDocument' },
    });
    expect((await blob(target, {})).status).toBe(404);
    expect((await commit(list(latest(ids[2]), latest(ids[0]), latest(ids[0])))).status).toBe(201);
    expect(await blob(target, {})).toMatchObject({ text: '<2><0><0>', headers: { 'content-type': 'image/png' } });
    // A client can commit a block again, but blocks that the last list did not contain are deleted.
    const again = list(`<Committed>${ids[0]}</Committed>`);
    expect((await commit(list(`<Uncommitted>${ids[1]}</Uncommitted>`))).status).toBe(400);
    expect((await commit(again)).status).toBe(201);
    expect(await blob(target, { headers: { 'x-ms-range': 'bytes=1-1' } })).toMatchObject({
      status: 206,
      text: '0',
      headers: { 'content-range': 'bytes 1-1/3', 'content-length': '1' },
    });
    expect(await blob(target, { headers: { Range: 'bytes=1-' } })).toMatchObject({ status: 206, text: '0>' });
    expect((await blob(target, { headers: { Range: 'bytes=3-' } })).status).toBe(416);
    expect(await blob(target, { method: 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-length': '3' } });
  });

  test('may be larger than any message', async () => {
    const target = await start('big.bin');
    const body = Buffer.alloc(5 * 1024 * 1024, 'x');
    expect((await blob(target, { method: 'PUT', body, headers: blockBlob })).status).toBe(201);
    expect(await blob(target, { method: 'HEAD' })).toMatchObject({ headers: { 'content-length': '5242880' } });
  });

  test('is refused to a device with ten open uploads, until an upload is finished or expires', async () => {
    const own = await createDevice(open, 'many');
    const ask = (blobName: string): Promise<RawAnswer> =>
      askAsDevice(
        open,
        { id: 'many', key: own },
        { method: 'POST', path: '/devices/many/files', body: JSON.stringify({ blobName }) },
      );
    const ids: string[] = [];
    for (let count = 0; count < 10; count++) ids.push(String((await ask(`${count}`)).body?.['correlationId']));
    const refused = await ask('10');
    expect(refused).toMatchObject({
      status: 403,
      headers: { 'iothub-errorcode': 'DeviceMaximumActiveFileUploadLimitExceeded' },
    });
    expect(refused.text).toContain('Number of active file upload requests cannot exceed 10');
    const failed = await askAsDevice(
      open,
      { id: 'many', key: own },
      // The Node SDK sends the correlation ID in the path.
      {
        method: 'POST',
        path: `/devices/many/files/notifications/${encodeURIComponent(ids[0] ?? '')}`,
        body: JSON.stringify({ isSuccess: false, statusCode: 500, statusDescription: 'cut' }),
      },
    );
    expect(failed.status).toBe(204);
    expect((await ask('10')).status).toBe(200);
    expect((await ask('11')).status).toBe(403);
    open.clock.set(noon + 3_600_000);
    expect((await ask('12')).status).toBe(200);
    const late = await askAsDevice(
      open,
      { id: 'many', key: own },
      {
        method: 'POST',
        path: '/devices/many/files/notifications',
        body: JSON.stringify({ correlationId: ids[1], isSuccess: true }),
      },
    );
    expect(late).toMatchObject({ status: 400, headers: { 'iothub-errorcode': 'ExpiredFileUploadCorrelationId' } });
    open.clock.set(noon);
  });

  test.each<[string, object, string]>([
    ['an unknown correlation ID', { correlationId: 'bm9uZQ==' }, 'InvalidFileUploadCorrelationId'],
    ['no correlation ID', { correlationId: undefined }, 'InvalidFileUploadCorrelationId'],
    ['no word of success', { isSuccess: undefined }, 'InvalidFileUploadCompletionStatus'],
    ['a success without a file', {}, 'InvalidFileUploadCompletionStatus'],
  ])('cannot be finished with %s', async (_name, more, name) => {
    const { correlationId } = await start('nothing.txt');
    expect(await finish(correlationId, more)).toMatchObject({ status: 400, headers: { 'iothub-errorcode': name } });
    await finish(correlationId, { isSuccess: false });
  });

  test.each([undefined, '', 'x'.repeat(1025), 7])('to the blob name %j is refused', async (blobName) => {
    const body = JSON.stringify({ blobName });
    const answer = await askAsDevice(open, { id: 'cam', key }, { method: 'POST', path: '/devices/cam/files', body });
    expect(answer).toMatchObject({ status: 400, headers: { 'iothub-errorcode': 'ArgumentInvalid' } });
  });
});

describe('the blob endpoint refuses', () => {
  const put = { method: 'PUT', body: 'x', headers: blockBlob };
  const failed = 'AuthenticationFailed';

  test.each<[string, (target: Target) => Target, Omit<RawRequest, 'path'>, string, number, string]>([
    ['no signature', (target) => ({ ...target, sasToken: '?sv=2018-03-28' }), put, '', 403, failed],
    ['the signature of another blob', (target) => ({ ...target, blobName: 'cam/other' }), put, '', 403, failed],
    [
      'more rights than were signed',
      (target) => ({ ...target, sasToken: target.sasToken.replace('sp=rw', 'sp=rwd') }),
      put,
      '',
      403,
      failed,
    ],
    [
      'another version of signatures',
      (target) => ({ ...target, sasToken: target.sasToken.replace('2018-03-28', '2020-10-02') }),
      put,
      '',
      403,
      failed,
    ],
    [
      'a page blob',
      (target) => target,
      { ...put, headers: { 'x-ms-blob-type': 'PageBlob' } },
      '',
      400,
      'InvalidHeaderValue',
    ],
    [
      'a wrong MD5',
      (target) => target,
      { ...put, headers: { ...blockBlob, 'Content-MD5': 'AAAAAAAAAAAAAAAAAAAAAA==' } },
      '',
      400,
      'Md5Mismatch',
    ],
    ['a block without an ID', (target) => target, put, '&comp=block', 400, 'InvalidQueryParameterValue'],
    ['another operation', (target) => target, put, '&comp=lease', 400, 'InvalidQueryParameterValue'],
    ['another verb', (target) => target, { ...put, method: 'DELETE' }, '', 405, 'UnsupportedHttpVerb'],
  ])('%s', async (_name, change, request, more, status, code) => {
    const target = await start('refused.txt');
    const answer = await blob(change(target), request, more);
    expect(answer).toMatchObject({ status, headers: { 'x-ms-error-code': code, 'content-type': 'application/xml' } });
    expect(answer.text).toContain(`<Code>${code}</Code>`);
    await finish(target.correlationId, { isSuccess: false });
  });

  test('a signature that has expired', async () => {
    const target = await start('late.txt');
    open.clock.set(noon + 3_600_001);
    expect(await blob(target, put)).toMatchObject({ status: 403, headers: { 'x-ms-error-code': failed } });
    open.clock.set(noon);
    await finish(target.correlationId, { isSuccess: false });
  });

  test('blocks whose IDs differ in length', async () => {
    const target = await start('uneven.bin');
    expect((await blob(target, put, '&comp=block&blockid=YQ==')).status).toBe(201);
    expect(await blob(target, put, '&comp=block&blockid=YWFhYQ==')).toMatchObject({
      headers: { 'x-ms-error-code': 'InvalidBlobOrBlock' },
    });
    await finish(target.correlationId, { isSuccess: false });
  });
});
