import { PassThrough } from 'node:stream';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventFeed } from '../../../cli/serve/watch/event-feed.ts';
import { EventStreams } from '../../../cli/serve/watch/event-streams.ts';
import { deriveDeviceKey } from '../../../core/wire/sas.ts';
import { controlled, registerByKey, secret, startSharedLab, type SharedLab } from './lab-process.ts';

const yaml = 'cloud: { assignment: PT0S, enrollmentGroups: { devices: { symmetricKey: true } } }';

let lab: SharedLab;
beforeAll(async () => {
  lab = await startSharedLab(yaml);
});
afterAll(async () => {
  expect(await lab.end()).toBe(0);
});

interface Frame {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads events until `isLast` returns true for an event. */
async function readUntil(isLast: (frame: Frame) => boolean, lastEventId?: string): Promise<readonly Frame[]> {
  const abort = new AbortController();
  const response = await fetch(`${lab.ready.control}/events`, {
    headers: {
      Authorization: `Bearer ${lab.ready.controlToken}`,
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    },
    signal: AbortSignal.any([abort.signal, AbortSignal.timeout(20_000)]),
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  let text = '';
  for await (const part of response.body ?? []) {
    text += new TextDecoder().decode(part);
    const frames = framesIn(text);
    if (frames.some(isLast)) return frames;
  }
  throw new Error('the stream ended');
}

function framesIn(text: string): readonly Frame[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => block.includes('event: '))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      event: /^event: (.*)$/m.exec(block)?.[1] ?? '',
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as Frame['data'],
    }));
}

test('GET /events sends decisions and log lines as they happen, and continues after the event that Last-Event-ID names', async () => {
  const isRefusal = ({ event, data }: Frame) => event === 'log' && data['check'] === 'token-signature-matches';
  const key = await secret(lab.ready, 'devices primaryKey');
  const reading = readUntil(isRefusal, '0');
  await registerByKey(lab.ready, 'good', deriveDeviceKey(key, 'good'));
  await registerByKey(lab.ready, 'bad', key);
  const frames = await reading;
  expect(frames.filter(({ event }) => event === 'log').map(({ data }) => [data['subject'], data['outcome']])).toEqual(
    expect.arrayContaining([
      ['good', 'accepted'],
      ['bad', 'refused'],
    ]),
  );
  const decision = frames.find(
    ({ event, data }) => event === 'history' && data['failed'] !== null && data['kind'] === 'decision',
  );
  expect(decision?.data).toMatchObject({ subject: 'bad', failed: 'token-signature-matches' });
  const again = await readUntil(isRefusal, frames[0]?.id);
  expect(again.map(({ id }) => id)).toEqual(frames.slice(1).map(({ id }) => id));
  const other = await readUntil(isRefusal, 'ffffffff-3');
  expect(other[0]).toMatchObject({ event: 'gap', data: { sentence: expect.stringContaining('GET /history') } });
});

test('GET /events is refused without the token of the lab', async () => {
  expect((await fetch(`${lab.ready.control}/events`)).status).toBe(401);
});

test('GET /lab returns enrollments, and hubs with twins and telemetry, but no key', async () => {
  const { status, body } = await controlled(lab.ready, 'GET', '/lab');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    idScope: '0ne00C0FFEE',
    enrollmentGroups: [{ enrollmentGroupId: 'devices', attestation: 'symmetricKey', status: 'enabled' }],
    hubs: [{ name: 'hub-eu', host: 'hub-eu.azure-devices.net', telemetry: 0 }],
    tpms: [],
  });
  const key = await secret(lab.ready, 'devices primaryKey');
  expect(JSON.stringify(body)).not.toContain(key.toString('base64'));
});

test('if a reader is too slow, the lab warns, ends the event stream, and keeps only a limited number of messages', () => {
  const feed = new EventFeed();
  const warnings: string[] = [];
  const response = Object.assign(new PassThrough({ highWaterMark: 16 }), { writeHead: () => {} });
  new EventStreams(feed, (sentence) => warnings.push(sentence)).open(response as unknown as ServerResponse, undefined);
  for (let at = 0; at < 20_000; at += 1) {
    feed.take({ kind: 'wire', at, door: 'mqtt', from: 'a', to: 'dps', message: 'x'.repeat(200) });
  }
  expect(warnings).toEqual([expect.stringMatching(/^an event stream was ended: .*Last-Event-ID$/)]);
  expect(response.writableEnded).toBe(true);
  expect(response.writableLength).toBeLessThan(1_100_000);
  const { messages, hasGap } = feed.after('0');
  expect(hasGap).toBe(false);
  expect(messages.length).toBeLessThanOrEqual(1100);
});
