import { failedWith, succeeded } from '../../../core/result.ts';
import { beforeEach, expect, test } from 'vitest';
import type { Clock, Millis } from '../../../core/time/clock.ts';
import { snapshotToJson, snapshotFromJson } from '../../../core/cloud/snapshot.ts';
import { EventLog, type EventRetention, type SavedPartition } from '../../../mocks/event-hub/event-log.ts';
import { parseEventPosition } from '../../../mocks/event-hub/event-position.ts';

const day = 24 * 60 * 60 * 1000;
const start: Millis = Date.UTC(2026, 0, 5);
let now: Millis;
let trimmed: number[];
const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nothing sleeps')) };

beforeEach(() => {
  now = start;
  trimmed = [];
});

function openLog(retention: Partial<EventRetention> = {}): EventLog {
  return new EventLog(clock, { forMs: day, bytes: 1e9, ...retention }, (count) => trimmed.push(count));
}

function send(log: EventLog, body: string) {
  return log.append({
    body: Buffer.from(body),
    properties: new Map([['colour', 'red']]),
    deviceId: 'dev',
    enqueuedAt: now,
    generationId: '1',
    authMethod: 'sas',
    authScope: 'device',
  });
}

/** Returns a log with five events, one per minute. */
function openFive(): EventLog {
  const log = openLog();
  for (let count = 0; count < 5; count++) {
    send(log, `event ${count}`);
    now += 60_000;
  }
  return log;
}

test('the event log numbers events from 0, and each offset grows by the size of the event before it', () => {
  const log = openLog();
  expect(log.properties()).toEqual({
    beginningSequenceNumber: 0,
    lastSequenceNumber: -1,
    lastOffset: -1,
    lastEnqueuedAt: 0,
    isEmpty: true,
  });
  const [first, second] = [send(log, 'a'), send(log, 'b')];
  expect([first.sequenceNumber, first.offset]).toEqual([0, 0]);
  expect([second.sequenceNumber, second.offset]).toEqual([1, first.size]);
  expect(log.properties()).toMatchObject({ lastSequenceNumber: 1, lastOffset: first.size, lastEnqueuedAt: start });
});

test.each([
  ["amqp.annotation.x-opt-offset > '-1'", 0],
  ["amqp.annotation.x-opt-offset > '@latest'", 5],
  ["amqp.annotation.x-opt-offset >= '@latest'", 5],
  ["amqp.annotation.x-opt-offset > '0'", 1],
  ["amqp.annotation.x-opt-offset >= '0'", 0],
  ["amqp.annotation.x-opt-offset > '1'", 1],
  ["amqp.annotation.x-opt-sequence-number > '2'", 3],
  ["amqp.annotation.x-opt-sequence-number >= '2'", 2],
  ["amqp.annotation.x-opt-sequence-number > '-1'", 0],
  ["amqp.annotation.x-opt-sequence-number > '4'", 5],
  [`amqp.annotation.x-opt-enqueued-time > '${start + 60_000}'`, 2],
  [`amqp.annotation.x-opt-enqueued-time >= '${start + 60_000}'`, 1],
  [`amqp.annotation.x-opt-enqueued-time > '${start - 1}'`, 0],
  [`amqp.annotation.x-opt-enqueued-time > '${start + day}'`, 5],
  [`amqp.annotation.x-opt-enqueuedtimeutc > ${start}`, 1],
])('a reader with the filter %s starts at event %i', (filter, expected) => {
  const position = parseEventPosition(filter);
  expect(position).toBeDefined();
  if (position !== undefined) expect(openFive().resolve(position)).toEqual(succeeded(expected));
});

test.each(['', 'x-opt-offset > 1', "amqp.annotation.x-opt-offset < '1'", "amqp.annotation.x-opt-offset > 'one'"])(
  '`parseEventPosition` refuses the filter "%s"',
  (filter) => expect(parseEventPosition(filter)).toBeUndefined(),
);

test('the event log refuses a position beyond its end, and the failure contains the number or offset of its last event', () => {
  const log = openFive();
  expect(log.resolve({ by: 'sequenceNumber', value: 5, isInclusive: true })).toEqual(succeeded(5));
  expect(log.resolve({ by: 'sequenceNumber', value: 6, isInclusive: false })).toEqual(failedWith({ last: 4 }));
  expect(log.resolve({ by: 'offset', value: 1e9, isInclusive: false })).toEqual(
    failedWith({ last: log.properties().lastOffset }),
  );
});

test('the event log drops events older than the retention time, and readers continue with the remaining events', () => {
  const log = openFive();
  now = start + day + 90_000;
  expect(log.properties()).toMatchObject({ beginningSequenceNumber: 2, lastSequenceNumber: 4, isEmpty: false });
  expect(log.at(0)?.sequenceNumber).toBe(2);
  expect(log.resolve({ by: 'earliest' })).toEqual(succeeded(2));
  now += day;
  expect(log.properties()).toMatchObject({ beginningSequenceNumber: 5, lastSequenceNumber: 4, isEmpty: true });
  expect(send(log, 'next').sequenceNumber).toBe(5);
  expect(log.at(0)?.sequenceNumber).toBe(5);
});

test('a full partition drops its oldest events and reports how many it dropped', () => {
  const log = openLog({ bytes: 2000 });
  for (let count = 0; count < 6; count++) send(log, 'x'.repeat(100));
  const { beginningSequenceNumber, lastSequenceNumber } = log.properties();
  expect(lastSequenceNumber).toBe(5);
  expect(beginningSequenceNumber).toBe(3);
  expect(trimmed).toEqual([1, 1, 1]);
});

test('the event log keeps 10,000 events complete and in order', () => {
  const log = openLog();
  for (let count = 0; count < 10_000; count++) send(log, String(count));
  for (let count = 0; count < 10_000; count++) expect(log.at(count)?.message.body.toString()).toBe(String(count));
  expect(log.at(10_000)).toBeUndefined();
});

test('the event log keeps its sequence numbers and newest events after a restart', () => {
  const log = openFive();
  const saved = snapshotFromJson(snapshotToJson(log.save(log.at(0)!.size * 2))) as SavedPartition;
  const next = openLog();
  next.load(saved);
  expect(next.retained().map(({ message }) => message.body.toString())).toEqual(['event 3', 'event 4']);
  expect(next.at(0)).toEqual(log.at(3));
  expect(next.properties()).toEqual({ ...log.properties(), beginningSequenceNumber: 3 });
  expect(send(next, 'more').sequenceNumber).toBe(5);
});

test('the event log calls its listeners for each event until they stop listening', () => {
  const log = openLog();
  let count = 0;
  const stop = log.listen(() => count++);
  send(log, 'a');
  send(log, 'b');
  stop();
  send(log, 'c');
  expect(count).toBe(2);
});
